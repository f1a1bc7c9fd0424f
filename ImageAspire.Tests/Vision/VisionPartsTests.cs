using ImageAspire.Vision.Api;

namespace ImageAspire.Tests.Vision;

/// <summary>Small parts of the service.</summary>
public sealed class VisionPartsTests
{
    [Theory]
    [InlineData("secret-key", true)]
    [InlineData(null, false)]
    [InlineData("", false)]
    [InlineData("secret-ke", false)]
    [InlineData("secret-keyy", false)]
    [InlineData("SECRET-KEY", false)]
    public void Key_OnlyTheWholeKey_IsTheKey(string? given, bool isKey)
    {
        var key = new VisionKey("secret-key");

        key.Is(given).ShouldBe(isKey);
        key.ToString().ShouldNotContain("secret");
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(65_536)]
    [InlineData(200_001)]
    public async Task Body_ReadInAnyOrder_HasItsBytes(int length)
    {
        var bytes = new byte[length];
        new Random(length).NextBytes(bytes);

        await using var body = await BodyBuffer.ReadAsync(new MemoryStream(bytes), length + 1, ApiError.TooLarge, default);

        body.Length.ShouldBe(length);
        using var copy = new MemoryStream();
        await body.CopyToAsync(copy);
        copy.ToArray().ShouldBe(bytes);
        body.Seek(-length / 3, SeekOrigin.End);
        var part = new byte[length / 3];
        await body.ReadExactlyAsync(part);
        part.ShouldBe(bytes[^(length / 3)..]);
        body.Position = length + 5;
        body.ReadByte().ShouldBe(-1);
    }

    [Fact]
    public async Task Body_AtItsLimit_IsTooLarge()
    {
        var error = await Should.ThrowAsync<ApiException>(() => BodyBuffer.ReadAsync(new MemoryStream(new byte[1000]), 1000, ApiError.TooLarge, default));

        error.Error.Inner.ShouldBe("InvalidImageSize");
    }

    [Fact]
    public async Task Body_Disposed_IsNotReadAnyMore()
    {
        var body = await BodyBuffer.ReadAsync(new MemoryStream(new byte[10]), 1000, ApiError.TooLarge, default);

        await body.DisposeAsync();

        Should.Throw<ObjectDisposedException>(() => body.ReadByte()); // its memory belongs to another one now
    }
}
