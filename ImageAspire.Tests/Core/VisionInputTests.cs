using ImageAspire.Core.Images;

namespace ImageAspire.Tests.Core;

public sealed class VisionInputTests
{
    private static readonly ThumbnailInfo Large = new(1024, 1024, 768, "image/jpeg", 90_000);

    private static readonly ImageRecord Image = Samples.In(ImageStatus.Inspected) with
    {
        ContentType = "image/jpeg", Bytes = 700_000, Width = 4000, Height = 3000, Orientation = 1,
        Thumbnails = [new(256, 256, 192, "image/jpeg", 9_000), new(1024, 1024, 768, "image/webp", 60_000), Large],
    };

    [Fact]
    public void Choose_UprightImage_IsTheOriginal()
    {
        VisionInput.Choose(Image, out var why).ShouldBe(new VisionInput((ThumbnailInfo?)null));
        why.ShouldBeNull();
    }

    public static TheoryData<ImageRecord> NotForTheService() => new()
    {
        Image with { Bytes = VisionInput.MaxBytes },
        Image with { Width = VisionInput.MaxSide },
        Image with { ContentType = "image/avif" },
        Image with { Orientation = 6 },
    };

    [Theory]
    [MemberData(nameof(NotForTheService))]
    public void Choose_OriginalDoesNotSuit_IsTheLargestJpegThumbnail(ImageRecord record)
    {
        VisionInput.Choose(record, out var why).ShouldBe(new VisionInput(Large));
        why.ShouldBeNull();
    }

    [Fact]
    public void Choose_ServiceTurnsUpright_IsTheOriginalWithBoxes()
    {
        var record = Image with { Orientation = 6 };
        var shown = VisionInput.Choose(record, out _, turnsUpright: true).ShouldNotBeNull();
        shown.Thumbnail.ShouldBeNull();
        shown.ToOriginal(record, 2000, 1500, new BoundingBox(10, 20, 30, 40)).ShouldBe(new BoundingBox(20, 40, 60, 80));
    }

    [Theory]
    [InlineData(50, 200)]
    [InlineData(200, 50)]
    public void Choose_TooSmall_IsNothingAndSaysWhy(int width, int height)
    {
        var tiny = Image with { Width = width, Height = height, Thumbnails = [new(256, width, height, "image/jpeg", 100)] };
        VisionInput.Choose(tiny, out var why).ShouldBeNull();
        why.ShouldNotBeNull().ShouldContain($"{width} × {height}");
    }

    [Fact]
    public void Choose_TooLargeWithoutThumbnails_IsNothing()
    {
        VisionInput.Choose(Image with { Bytes = VisionInput.MaxBytes, Thumbnails = [] }, out var why).ShouldBeNull();
        why.ShouldNotBeNull().ShouldContain("20000000");
    }

    [Fact]
    public void Choose_RotatedWithoutThumbnails_IsTheOriginalWithoutBoxes()
    {
        var record = Image with { Orientation = 6, Thumbnails = [] };
        var shown = VisionInput.Choose(record, out _).ShouldNotBeNull();
        shown.Thumbnail.ShouldBeNull();
        shown.ToOriginal(record, 4000, 3000, new BoundingBox(0, 0, 10, 10)).ShouldBeNull();
    }

    [Fact]
    public void ToOriginal_BoxOnAThumbnail_IsScaledAndStaysInside()
    {
        new VisionInput(Large).ToOriginal(Image, 1024, 768, new BoundingBox(512, 384, 512, 384)).ShouldBe(new BoundingBox(2000, 1500, 2000, 1500));
        new VisionInput(Large).ToOriginal(Image, 1024, 768, new BoundingBox(1000, 700, 900, 900)).ShouldBe(new BoundingBox(3906, 2734, 94, 266));
        new VisionInput(Large).ToOriginal(Image, 1024, 768, new BoundingBox(2000, 2000, 5, 5)).ShouldBeNull();
    }
}
