using ImageAspire.Core.Images;
using ImageAspire.Tests.Imaging;

namespace ImageAspire.Tests.Contracts;

/// <summary>What EXIF says, and what cannot be.</summary>
public abstract partial class ImageHeaderContract
{
    [Theory]
    [InlineData(1, 64, 48)]
    [InlineData(2, 64, 48)]
    [InlineData(3, 64, 48)]
    [InlineData(4, 64, 48)]
    [InlineData(5, 48, 64)]
    [InlineData(6, 48, 64)]
    [InlineData(7, 48, 64)]
    [InlineData(8, 48, 64)]
    public async Task ReadHeader_Orientation_SizeIsUpright(ushort orientation, int width, int height)
    {
        var header = await ReadHeaderAsync(TestImages.JpegWithExif(ExifWriter.Write(orientation)));

        (header.Orientation, header.Width, header.Height).ShouldBe((orientation, width, height));
    }

    [Fact]
    public async Task ReadHeader_NoExif_SaysNothing()
    {
        var header = await ReadHeaderAsync(TestImages.Jpeg());

        (header.Orientation, header.TakenAtLocal, header.TakenAt, header.Camera, header.Location, header.Metadata).ShouldBe((null, null, null, null, null, null));
    }

    [Fact]
    public async Task ReadHeader_Exif_ReadsCameraTimeAndPlace()
    {
        var header = await ReadHeaderAsync(TestImages.JpegWithExif(ExifWriter.Write(1, "Acme\0", " Model 1 ", "2024:05:01 10:20:30", "+02:00", (48.5, -3.25),
            [TiffWriter.Tag.Rationals(0x829A, (1, 250)), TiffWriter.Tag.Rationals(0x829D, (28, 10)), TiffWriter.Tag.Shorts(0x8827, 400),
                TiffWriter.Tag.Shorts(0x9209, 1), TiffWriter.Tag.Rationals(0x920A, (50, 1)), TiffWriter.Tag.Text(0xA434, "50mm")],
            [TiffWriter.Tag.Shorts(5, 0), TiffWriter.Tag.Rationals(6, (1234, 10))])));

        header.TakenAtLocal.ShouldBe(new DateTime(2024, 5, 1, 10, 20, 30));
        header.TakenAt.ShouldBe(new DateTimeOffset(2024, 5, 1, 10, 20, 30, TimeSpan.FromHours(2)));
        header.Camera.ShouldBe(new CameraInfo("Acme", "Model 1", "50mm", 2.8, 0.004, 400, 50, true));
        header.Location.ShouldBe(new GeoLocation(48.5, -3.25, 123.4));
    }

    [Theory]
    [InlineData("0000:00:00 00:00:00")]
    [InlineData("2024:13:01 10:00:00")]
    [InlineData("2024:02:30 10:00:00")]
    [InlineData("9999:12:31 23:59:59")]
    [InlineData("2026:03:03 12:00:00")] // two days ahead of Now
    [InlineData("1500:01:01 00:00:00")]
    [InlineData("yesterday")]
    [InlineData("")]
    public async Task ReadHeader_ImpossibleDate_IsAbsent(string taken) =>
        (await ReadHeaderAsync(TestImages.JpegWithExif(ExifWriter.Write(taken: taken)))).TakenAtLocal.ShouldBeNull();

    [Theory]
    [InlineData(91, 0, 1)]
    [InlineData(0, 181, 1)]
    [InlineData(48, 3, 0)] // x ÷ 0
    public async Task ReadHeader_ImpossiblePlace_IsAbsent(uint latitude, uint longitude, uint under)
    {
        var file = TestImages.JpegWithExif(ExifWriter.Write(moreGps:
        [
            TiffWriter.Tag.Text(1, "N"), TiffWriter.Tag.Rationals(2, (latitude, under), (0, under), (0, under)),
            TiffWriter.Tag.Text(3, "E"), TiffWriter.Tag.Rationals(4, (longitude, under), (0, under), (0, under)),
        ]));

        (await ReadHeaderAsync(file)).Location.ShouldBeNull();
    }

    [Fact]
    public async Task ReadHeader_HostileText_IsCleanedAndCut()
    {
        var camera = (await ReadHeaderAsync(TestImages.JpegWithExif(ExifWriter.Write(make: "A\u0001\u001bcme\r\n", model: new string('x', 5000))))).Camera;

        (camera!.Make, camera.Model!.Length).ShouldBe(("Acme", 200));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task ReadHeader_BrokenExif_StillTellsTheSize(int seed)
    {
        var noise = new byte[500];
        new Random(seed).NextBytes(noise);
        if (seed % 2 == 0)
            "II*\0"u8.CopyTo(noise);

        var header = await ReadHeaderAsync(TestImages.JpegWithExif(noise));

        (header.Width * header.Height, header.TakenAtLocal).ShouldBe((64 * 48, null));
    }
}
