using System.Text;

namespace ImageAspire.Tests.Hostile;

/// <summary>Files that are an image and something else as well, and images under another image's signature.</summary>
internal static class Polyglots
{
    private static readonly byte[] Html = Encoding.ASCII.GetBytes("<!doctype html><script>alert(document.domain)</script>");
    private static readonly byte[] Script = Encoding.ASCII.GetBytes("=1;alert(document.domain)//");
    private static readonly byte[] Pdf = Encoding.ASCII.GetBytes("%PDF-1.7\n1 0 obj<</Type/Catalog/OpenAction<</S/JavaScript/JS(app.alert(1))>>>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF");
    private static readonly byte[] Svg = Encoding.ASCII.GetBytes("<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>");

    // An archive of one empty file, which readers find from the end.
    private static readonly byte[] Zip =
    [
        .. "PK"u8, 3, 4, .. new byte[22], 1, 0, 0, 0, (byte)'a', .. "PK"u8, 1, 2, .. new byte[24], 1, 0, .. new byte[16], (byte)'a', .. "PK"u8, 5, 6, 0, 0, 0, 0, 1, 0, 1, 0, 47, 0, 0, 0, 31, 0, 0, 0, 0, 0,
    ];

    public static IEnumerable<HostileFile> Files()
    {
        var images = new[] { TestImages.Jpeg(), TestImages.Png(), TestImages.Gif(), TestImages.Webp(), TestImages.Tiff(), TestImages.Bmp(), TestImages.Avif() };
        foreach (var image in images)
        {
            foreach (var (name, other) in new[] { ("HTML", Html), ("a script", Script), ("a PDF", Pdf), ("an archive", Zip), ("SVG", Svg) })
            {
                var file = new HostileFile($"with {name} behind it", [.. image, .. other]);
                yield return file with { Name = $"{file.Format.Name} {file.Name}" };
            }
        }

        var jpeg = TestImages.Jpeg();
        yield return new("JPEG with a PDF in its first segment", [.. jpeg[..2], 0xFF, 0xFE, (byte)((Pdf.Length + 2) >> 8), (byte)(Pdf.Length + 2), .. Pdf, .. jpeg[2..]]);
        yield return new("GIF that is a script", [.. "GIF89a"u8, .. "/*"u8, 1, 0, 0x80, 0, 0, .. "*/"u8, .. Script, .. new byte[40]]);
        yield return new("BMP that is a script", [.. "BM"u8, .. Encoding.ASCII.GetBytes("=1;/*"), .. new byte[7], 40, 0, 0, 0, .. Encoding.ASCII.GetBytes("*/alert(1)//"), .. new byte[60]]);
        // The signature of one, the body of another.
        foreach (var (head, length) in new[] { (TestImages.Jpeg(), 4), (TestImages.Png(), 8), (TestImages.Gif(), 6), (TestImages.Webp(), 12), (TestImages.Tiff(), 4), (TestImages.Bmp(), 18), (TestImages.Avif(), 28) })
        {
            foreach (var body in images.Where(body => body.Length != head.Length))
                yield return new HostileFile("a signature before another's body", [.. head[..length], .. body[length..]]);
        }
    }
}
