using System.Text;
using ImageAspire.Core.Images;
using ImageAspire.Tests.Imaging;

namespace ImageAspire.Tests.Hostile;

/// <summary>JPEG: scans without end, segments that lie, metadata that points at itself.</summary>
internal static class HostileJpeg
{
    private const byte Baseline = 0xC0, Progressive = 0xC2;

    public static IEnumerable<HostileFile> Files()
    {
        yield return new("JPEG of 65,535 × 65,535", File(Tables(), Frame(Baseline, 65_535, 65_535), Scan()), FailureCodes.TooManyPixels);
        yield return new("JPEG of 10,000 × 10,000 without pixels", File(Tables(), Frame(Baseline, 10_000, 10_000), Scan()));
        yield return new("JPEG of 10,000 × 9,000, progressive, without pixels", File(Tables(), Frame(Progressive, 10_000, 9_000), Scan(progressive: true)));
        yield return new("JPEG of 2,000 × 2,000 in 400 scans", File([Tables(), Frame(Progressive, 2000, 2000), .. Enumerable.Repeat(Scan(progressive: true), 400)]));
        yield return new("JPEG of 0 × 8", File(Tables(), Frame(Baseline, 0, 8), Scan()), FailureCodes.NoPixels);
        yield return new("JPEG whose height comes later", File(Tables(), Frame(Baseline, 8, 0), Scan(), [0xFF, 0xDC, 0, 4, 0xFF, 0xFF]), FailureCodes.NoPixels);
        yield return new("JPEG of 1 × 65,500", File(Tables(), Frame(Baseline, 1, 65_500), Scan()));
        yield return new("JPEG of 65,500 × 1", File(Tables(), Frame(Baseline, 65_500, 1), Scan()));
        yield return new("JPEG with a second, larger frame", File(Tables(), Frame(Baseline, 8, 8), Frame(Baseline, 65_000, 65_000), Scan()));
        yield return new("JPEG without tables", File(Frame(Baseline, 64, 64), Scan()));
        yield return new("JPEG with its scan before its frame", File(Tables(), Scan(), Frame(Baseline, 64, 64)));
        yield return new("JPEG with 255 components", File(Tables(), Segment(Baseline, [8, 0, 8, 0, 8, 255, .. Enumerable.Range(0, 255).SelectMany(i => (byte[])[(byte)i, 0x11, 0])]), Scan()));
        yield return new("JPEG with no components", File(Tables(), Segment(Baseline, [8, 0, 8, 0, 8, 0]), Scan()));
        yield return new("JPEG with sampling of 15 × 15", File(Tables(), Frame(Baseline, 64, 64, sampling: 0xFF), Scan()));
        yield return new("JPEG with sampling of 0 × 0", File(Tables(), Frame(Baseline, 64, 64, sampling: 0), Scan()));
        yield return new("JPEG of 12 bits", File(Tables(), Frame(0xC1, 64, 64, depth: 12), Scan()));
        foreach (var kind in (byte[])[0xC3, 0xC5, 0xC9, 0xCA, 0xCB, 0xCF])
            yield return new($"JPEG of process {kind:X2}", File(Tables(), Frame(kind, 64, 64), Scan()));
        yield return new("JPEG with a table of codes that cannot be", File(Segment(0xDB, [0, .. new byte[64]]), Segment(0xC4, [0, .. Enumerable.Repeat((byte)255, 16), .. new byte[4080]]), Frame(Baseline, 64, 64), Scan()));
        yield return new("JPEG with a restart at every block", File(Tables(), Segment(0xDD, [0, 1]), Frame(Baseline, 512, 512), Scan(), [.. Enumerable.Range(0, 20_000).SelectMany(i => (byte[])[0xFF, (byte)(0xD0 + i % 8)])]));
        yield return new("JPEG with 5,000 segments", File([.. Enumerable.Repeat(Segment(0xFE, "x"u8.ToArray()), 5000), Tables(), Frame(Baseline, 8, 8), Scan()]));
        yield return new("JPEG with 5 MB between its segments", File(new byte[5 << 20], Tables(), Frame(Baseline, 8, 8), Scan()));
        yield return new("JPEG with 5 MB of fill bytes", File(Enumerable.Repeat((byte)0xFF, 5 << 20).ToArray(), Tables(), Frame(Baseline, 8, 8), Scan()));
        yield return new("JPEG with a profile in 255 pieces", WithSegments([.. Enumerable.Range(1, 255).Select(i => Segment(0xE2, [.. "ICC_PROFILE\0"u8, (byte)i, 255, .. HostilePng.Noise(60_000)]))]));
        yield return new("JPEG with piece 200 of a profile of 2", WithSegments(Segment(0xE2, [.. "ICC_PROFILE\0"u8, 200, 2, .. HostilePng.Noise(600)])));
        yield return new("JPEG with XMP in 100 segments", WithSegments([.. Enumerable.Repeat(Segment(0xE1, [.. "http://ns.adobe.com/xap/1.0/\0"u8, .. Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat("<a>", 20_000)))]), 100)]));
        yield return new("JPEG with EXIF that points at itself", TestImages.JpegWithExif(HostilePng.ExifLoop()));
        yield return new("JPEG with EXIF of 65,000 tags", TestImages.JpegWithExif([.. "II"u8, 42, 0, 8, 0, 0, 0, 0xFF, 0xFF, .. HostilePng.Noise(60_000)]));
        yield return new("JPEG with EXIF values of 4 GB", TestImages.JpegWithExif([.. "II"u8, 42, 0, 8, 0, 0, 0, .. TiffWriter.Directory(8, [new(271, 2, -1, new byte[4]), new(272, 5, int.MaxValue, new byte[4]), new(274, 7, 1 << 30, new byte[4])])]));
        yield return new("JPEG with a preview outside of the file", TestImages.JpegWithExif(ExifWriter.Write(more: [TiffWriter.Tag.Number(0x201, int.MaxValue), TiffWriter.Tag.Number(0x202, int.MaxValue)])));
        yield return new("JPEG with an orientation of 60,000", TestImages.JpegWithExif(ExifWriter.Write(60_000)));
        yield return new("JPEG with Photoshop resources of 4 GB", WithSegments(Segment(0xED, [.. "Photoshop 3.0\0"u8, .. "8BIM"u8, 4, 4, 0, 0, 0xFF, 0xFF, 0xFF, 0xFF, 1, 2, 3])));
        yield return new("JPEG with an Adobe marker that lies", WithSegments(Segment(0xEE, [.. "Adobe"u8, 0, 100, 0, 0, 0, 0, 2])));
        yield return new("JPEG of a start alone", [0xFF, 0xD8, 0xFF, 0xD9], null);
    }

    private static byte[] WithSegments(params byte[][] segments)
    {
        var file = TestImages.Jpeg();
        return [.. file[..2], .. segments.SelectMany(one => one), .. file[2..]];
    }

    private static byte[] File(params byte[][] parts) => [0xFF, 0xD8, 0xFF, 0xFE, 0, 2, .. parts.SelectMany(part => part), 0xFF, 0xD9];

    private static byte[] Segment(byte marker, byte[] content)
    {
        using var file = new MemoryStream();
        JpegWriter.Segment(file, marker, content);
        return file.ToArray();
    }

    private static byte[] Tables() =>
    [
        .. Segment(0xDB, [0, .. Enumerable.Repeat((byte)8, 64)]),
        .. Segment(0xC4, [0x00, 0, 0, 0, 12, .. new byte[12], .. Enumerable.Range(0, 12).Select(i => (byte)i)]),
        .. Segment(0xC4, [0x10, 1, .. new byte[15], 0]),
    ];

    private static byte[] Frame(byte marker, int width, int height, byte sampling = 0x11, byte depth = 8) =>
        Segment(marker, [depth, (byte)(height >> 8), (byte)height, (byte)(width >> 8), (byte)width, 3, 1, sampling, 0, 2, 0x11, 0, 3, 0x11, 0]);

    private static byte[] Scan(bool progressive = false) => [.. Segment(0xDA, [3, 1, 0, 2, 0, 3, 0, 0, (byte)(progressive ? 0 : 63), 0]), .. new byte[40]];
}
