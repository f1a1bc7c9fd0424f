using System.IO.Compression;
using System.Text;
using ImageAspire.Core.Images;
using ImageAspire.Imaging;

namespace ImageAspire.Tests.Imaging;

/// <summary>Metadata in texts of a PNG, as ImageMagick, exiftool and exiv2 write it.</summary>
public sealed class PngProfilesTests
{
    private static readonly byte[] Iptc = [0x1C, 2, 25, 0, 7, .. "harbour"u8, 0x1C, 2, 25, 0, 5, .. "night"u8, 0x1C, 2, 55, 0, 8, .. "20190203"u8];
    private static readonly byte[] Exif = [.. "Exif\0\0"u8, .. ExifWriter.Write(1, "Acme")];

    [Theory]
    [InlineData("zTXt", "IPTC profile")] // of exiftool
    [InlineData("tEXt", "iptc")]
    public async Task Header_IptcInAText_IsRead(string chunk, string title)
    {
        var header = await ReadAsync((chunk, "iptc", Text(title, Iptc)));

        header.Metadata!.Keywords!.ShouldBe(["harbour", "night"]);
        header.TakenAtLocal.ShouldBe(new DateTime(2019, 2, 3));
    }

    [Fact]
    public async Task Header_ExifAndXmpInTexts_AreRead()
    {
        var xmp = Encoding.UTF8.GetBytes("<x:xmpmeta xmlns:x='adobe:ns:meta/'><rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'><rdf:Description xmlns:xmp='http://ns.adobe.com/xap/1.0/' xmp:Rating='4'/></rdf:RDF></x:xmpmeta>");

        var header = await ReadAsync(("tEXt", "APP1", Text("generic", Exif)), ("zTXt", "xmp", Text("xmp", xmp)));

        (header.Camera?.Make, header.Metadata?.Rating).ShouldBe(("Acme", 4));
        header.MetadataEdits.ShouldHaveSingleItem().NewLength.ShouldBe(0);
    }

    public static TheoryData<string> BrokenTexts => ["", "\n", "\niptc", "\niptc\n", "\niptc\n 5\n1c02", "\niptc\n 2\n1c021c", "\niptc\n 2\nxxxx", "\niptc\n -1\n", "\niptc\n 4000000000\n1c02", "\niptc\n 0\n"];

    [Theory]
    [MemberData(nameof(BrokenTexts))]
    public async Task Header_BrokenText_IsIgnored(string text)
    {
        var header = await ReadAsync(("tEXt", "iptc", text));

        (header.Width, header.Metadata).ShouldBe((64, null));
    }

    private static string Text(string name, byte[] block) =>
        $"\n{name}\n{block.Length,8}\n{string.Join('\n', Convert.ToHexStringLower(block).Chunk(72).Select(line => new string(line)))}\n";

    private static async Task<ImageAspire.Core.Ports.ImageHeader> ReadAsync(params (string Chunk, string Name, string Text)[] texts)
    {
        var picture = TestImages.Png();
        using var file = new MemoryStream();
        file.Write(picture.AsSpan(0, 33)); // with IHDR
        foreach (var (chunk, name, text) in texts)
            PngWriter.Chunk(file, chunk, [.. Encoding.ASCII.GetBytes($"Raw profile type {name}\0"), .. chunk == "zTXt" ? [0, .. Packed(text)] : Encoding.ASCII.GetBytes(text)]);
        file.Write(picture.AsSpan(33));
        return (await new VipsImageDecoder(new ImagingOptions(), TimeProvider.System).InspectAsync(file, ImageFormat.Png, default)).Header;
    }

    private static byte[] Packed(string text)
    {
        using var packed = new MemoryStream();
        using (var zlib = new ZLibStream(packed, CompressionLevel.Fastest, leaveOpen: true))
            zlib.Write(Encoding.ASCII.GetBytes(text));
        return packed.ToArray();
    }
}
