using System.Text;
using ImageAspire.Core.Images;
using ImageAspire.Core.Ports;
using ImageAspire.Tests.Imaging;

namespace ImageAspire.Tests.Contracts;

/// <summary>Raw files of cameras, by the preview in them.</summary>
public abstract partial class ImageDecoderContract
{
    private const int Xmp = 700;

    public static TheoryData<string> RawKinds => [.. RawWriter.Kinds.Keys];

    [Theory]
    [MemberData(nameof(RawKinds))]
    public async Task Raw_EveryKind_ShowsItsPreviewAndTellsItsSize(string kind)
    {
        var (header, decoded) = await DecodedAsync(RawWriter.Kinds[kind](new(TestImages.Jpeg(2400, 1600))));

        (header.Format, header.Width, header.Height, header.Frames).ShouldBe((ImageFormat.Tiff, RawWidth(kind), RawHeight(kind), null));
        (header.Camera?.Make, header.Orientation).ShouldBe(("Acme", 1));
        header.TakenAt.ShouldBe(new DateTimeOffset(2024, 5, 1, 10, 20, 30, TimeSpan.FromHours(2)));
        decoded.Thumbnails.Where(one => one.Info.ContentType == "image/webp").Select(one => (one.Info.Width, one.Info.Height)).ShouldBe([(256, 171), (1024, 683), (2048, 1365)]);
        Decoded.From(decoded, "image/jpeg").ShouldShowQuadrants();
        decoded.Damaged.ShouldBeNull();
    }

    [Theory]
    [MemberData(nameof(RawKinds))]
    public async Task Raw_Turned_StandsUprightWhateverThePreviewSays(string kind)
    {
        var upright = TestImages.Quadrants(48, 64);
        var preview = TestImages.JpegWithExif(ExifWriter.Write(3), 64, 48, (x, y) => upright(47 - y, x));

        var (header, decoded) = await DecodedAsync(RawWriter.Kinds[kind](new(preview, TurnedAs: 6)));

        (header.Width, header.Height, header.Orientation).ShouldBe((RawHeight(kind, 48), RawWidth(kind, 64), 6));
        var image = Decoded.From(decoded, "image/jpeg");
        (image.Width, image.Height).ShouldBe((48, 64));
        image.ShouldShowQuadrants();
    }

    [Fact]
    public async Task Raw_WithDescriptions_TellsThem()
    {
        var xmp = Encoding.UTF8.GetBytes("""
            <x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description xmlns:xmp="http://ns.adobe.com/xap/1.0/"
            xmlns:dc="http://purl.org/dc/elements/1.1/" xmp:Rating="4"><dc:subject><rdf:Bag><rdf:li>harbour</rdf:li></rdf:Bag></dc:subject></rdf:Description></rdf:RDF></x:xmpmeta>
            """);

        var (header, _) = await DecodedAsync(RawWriter.Nef(new(TestImages.Jpeg(), More: [new(Xmp, 1, xmp.Length, xmp)])));

        (header.Metadata?.Rating, header.Metadata?.Keywords?.Single()).ShouldBe((4, "harbour"));
    }

    public static TheoryData<string, byte[]> WithoutPreview() => new()
    {
        { FailureCodes.UnsupportedVariant, RawWriter.Dng(new("not a JPEG, though it is as long as one"u8.ToArray())) },
        { FailureCodes.UnsupportedVariant, RawWriter.Arw(new(RawWriter.LosslessJpeg(4000, 3000), More: [])).Replaced(TestImages.Jpeg(16, 12)[..3], [0, 0, 0]) },
        { FailureCodes.UnsupportedVariant, RawWriter.PreviewLast(RawWriter.LosslessJpeg(4000, 3000)) },
        { FailureCodes.Truncated, RawWriter.PreviewLast(TestImages.Jpeg(256, 256))[..90] },
        { FailureCodes.Truncated, RawWriter.PreviewLast(TestImages.JpegWithoutPixels()) },
    };

    [Theory]
    [MemberData(nameof(WithoutPreview))]
    public async Task Raw_WithoutPreview_IsRefused(string code, byte[] file) =>
        (await Should.ThrowAsync<UnusableImageException>(() => DecodedAsync(file))).Code.ShouldBe(code);

    [Fact]
    public async Task Raw_PreviewPastTheEnd_IsDamaged()
    {
        var file = RawWriter.PreviewLast(TestImages.Jpeg(256, 256));

        var (header, decoded) = await DecodedAsync(file[..^(file.Length / 2)]);

        (header.Width, header.Height).ShouldBe((256, 256));
        decoded.Damaged.ShouldNotBeNull().Reason.ShouldBe(ImageDamage.Truncated);
        decoded.Damaged.Missing.ShouldNotBeNull().ShouldBeInRange(0.3, 0.7);
    }

    [Fact]
    public async Task Raw_SensorDataPastTheEnd_IsShownAndDamaged()
    {
        var file = RawWriter.Nef(new(TestImages.Jpeg()));
        var length = TiffWriter.Ordered(BitConverter.GetBytes(3000), 4, big: true);

        var (_, decoded) = await DecodedAsync(file.Replaced(length, [0, 0xFF, 0xFF, 0xFF]));

        decoded.Damaged.ShouldBe(new ImageDamage(ImageDamage.Truncated));
        Decoded.From(decoded, "image/jpeg").ShouldShowQuadrants();
    }

    // Only a CR2 does not say how large the image is; its preview is as large.
    private static int RawWidth(string kind, int preview = 2400) => kind == "cr2" ? preview : RawWriter.FullWidth;

    private static int RawHeight(string kind, int? preview = null) => kind == "cr2" ? preview ?? 1600 : RawWriter.FullHeight;

    private async Task<(ImageHeader Header, DecodedImage Decoded)> DecodedAsync(byte[] file)
    {
        var (header, decoded) = await InspectAsync(file);
        return (header, decoded.ShouldNotBeNull());
    }
}
