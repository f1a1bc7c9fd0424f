using ImageAspire.Core.Images;

namespace ImageAspire.Tests.Core;

public sealed class ImageNameTests
{
    [Theory]
    [InlineData("photo.jpg", "photo.jpg")]
    [InlineData("../../etc/passwd", "passwd")]
    [InlineData("C:\\Users\\me\\cat.png", "cat.png")]
    [InlineData("a\0b\r\nc\u001b[31m.jpg", "ab c[31m.jpg")]
    [InlineData("  two   spaces .jpg ", "two spaces .jpg")]
    [InlineData("<img src=x onerror=alert(1)>.jpg", "<img src=x onerror=alert(1)>.jpg")]
    [InlineData("photo\u202Egpj.exe", "photogpj.exe")]
    [InlineData("שלום.png", "שלום.png")]
    [InlineData("👩‍👧.png", "👩‍👧.png")]
    [InlineData("..", "untitled")]
    [InlineData("folder/", "untitled")]
    [InlineData("", "untitled")]
    [InlineData(null, "untitled")]
    public void Clean_WhatClientsSend_IsADisplayName(string? raw, string expected) => ImageName.Clean(raw).ShouldBe(expected);

    [Fact]
    public void Clean_ThreeHundredCharacters_AreCutWithoutSplittingAnEmoji()
    {
        var name = ImageName.Clean(new string('x', ImageName.MaxLength - 1) + "👍" + new string('y', 100));

        name.Length.ShouldBe(ImageName.MaxLength - 1);
        name.ShouldAllBe(c => c == 'x');
    }
}
