using System.Buffers.Binary;
using System.Text;
using ImageAspire.Core.Images;

namespace ImageAspire.Tests.Hostile;

/// <summary>AVIF: boxes in boxes, sizes that lie, items outside of the file.</summary>
internal static class HostileAvif
{
    private static readonly byte[] Brand = [.. Box("ftyp", [.. "avif"u8, 0, 0, 0, 0, .. "mif1avifmiaf"u8])];

    public static IEnumerable<HostileFile> Files()
    {
        yield return new("AVIF of 65,535 × 65,535", Changed("ispe", 8, 0, 0, 0xFF, 0xFF, 0, 0, 0xFF, 0xFF), FailureCodes.TooManyPixels);
        yield return new("AVIF of 2³² × 2³²", Changed("ispe", 8, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF));
        yield return new("AVIF of 0 × 0", Changed("ispe", 8, 0, 0, 0, 0, 0, 0, 0, 0));
        yield return new("AVIF of 9,000 × 9,000 with an image of 64 × 48", Changed("ispe", 8, 0, 0, 0x23, 0x28, 0, 0, 0x23, 0x28));
        yield return new("AVIF of 1 × 9,000 with an image of 64 × 48", Changed("ispe", 8, 0, 0, 0, 1, 0, 0, 0x23, 0x28));
        yield return new("AVIF with its image outside of the file", Changed("iloc", 20, 0xFF, 0xFF, 0xFF, 0xF0, 0xFF, 0xFF, 0xFF, 0xFF));
        yield return new("AVIF with an image of no bytes", Changed("iloc", 20, 0, 0, 0, 0, 0, 0, 0, 0));
        yield return new("AVIF of bits that cannot be", Changed("pixi", 8, 255, 255, 255, 255));
        yield return new("AVIF with properties that are not there", Changed("ipma", 16, 0xFF, 0xFF));
        yield return new("AVIF without a primary item", Changed("pitm", 4, 0, 0, 0, 0, 0xFF, 0xFF));
        yield return new("AVIF with an image of noise", [.. TestImages.Avif()[..^50], .. HostilePng.Noise(50)]);
        yield return new("AVIF with 20,000 boxes", [.. Brand, .. Enumerable.Repeat(Box("free", []), 20_000).SelectMany(one => one), .. TestImages.Avif()[28..]]);
        yield return new("AVIF with boxes in boxes, 5,000 deep", [.. Brand, .. Nested(5000)]);
        yield return new("AVIF with a box of no size", [.. Brand, 0, 0, 0, 0, .. "meta"u8, .. new byte[60]]);
        yield return new("AVIF with a box of size 1", [.. Brand, 0, 0, 0, 1, .. "meta"u8, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, .. new byte[60]]);
        yield return new("AVIF with a box smaller than its head", [.. Brand, 0, 0, 0, 4, .. "meta"u8, .. new byte[60]]);
        yield return new("AVIF with a box of 2 GB", [.. Brand, 0x7F, 0xFF, 0xFF, 0xFF, .. "mdat"u8, .. new byte[60]]);
        yield return new("AVIF of a brand alone", Brand);
        yield return new("AVIF with 65,535 items", [.. Brand, .. Box("meta", [0, 0, 0, 0, .. Box("iinf", [0, 0, 0, 0, 0xFF, 0xFF, .. HostilePng.Noise(4000)])])]);
        yield return new("AVIF that is a sequence", [.. Box("ftyp", [.. "avis"u8, 0, 0, 0, 0, .. "avismsf1miaf"u8]), .. TestImages.Avif()[28..]]);
    }

    // "iloc" of the sample: version and flags 4, sizes 2, count 2, item 2, reference 2, extents 2, … ; the offset is 20 bytes behind the name.
    private static byte[] Changed(string box, int behindName, params byte[] bytes)
    {
        var file = TestImages.Avif();
        var at = file.AsSpan().IndexOf(Encoding.ASCII.GetBytes(box)) + 4 + behindName - 4;
        bytes.CopyTo(file, at);
        return file;
    }

    private static byte[] Box(string type, byte[] content)
    {
        byte[] box = [0, 0, 0, 0, .. Encoding.ASCII.GetBytes(type), .. content];
        BinaryPrimitives.WriteInt32BigEndian(box, box.Length);
        return box;
    }

    private static byte[] Nested(int depth)
    {
        var boxes = new byte[depth * 12];
        for (var i = 0; i < depth; i++)
        {
            BinaryPrimitives.WriteInt32BigEndian(boxes.AsSpan(i * 12), (depth - i) * 12);
            "meta"u8.CopyTo(boxes.AsSpan(i * 12 + 4));
        }

        return boxes;
    }
}
