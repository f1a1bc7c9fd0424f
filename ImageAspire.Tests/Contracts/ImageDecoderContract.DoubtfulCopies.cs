using System.Buffers.Binary;
using System.Text;
using NetVips;

namespace ImageAspire.Tests.Contracts;

/// <summary>Files that show a picture, and of which it is not certain what belongs to it: there is no copy of them without metadata.</summary>
public abstract partial class ImageDecoderContract
{
    private const ushort NewSubfileType = 254, StripOffsets = 273, StripByteCounts = 279, ResolutionUnit = 296;

    private static readonly Dictionary<string, Func<byte[]>> Doubtful = new()
    {
        ["a stray marker between restarts"] = () => WithStrayMarker(),
        ["a JPEG without its end, and a text behind it"] = () => [.. TestImages.Jpeg()[..^2], .. "A secret text behind the picture."u8],
        ["a TIFF that does not say how long its pixels are"] = () => WithEntry(PlainTiff(), StripByteCounts, StripByteCounts, 0),
        ["a TIFF that says twice where its pixels are"] = () => WithEntry(PlainTiff(), ResolutionUnit, StripOffsets, 8),
        ["a TIFF that is a thumbnail"] = () => WithEntry(PlainTiff(), ResolutionUnit, NewSubfileType, 1),
        ["a JPEG in a TIFF"] = () => Saved(image => image.TiffsaveBuffer(compression: Enums.ForeignTiffCompression.Jpeg)),
        ["a text in the header of a JPEG 2000"] = () => WithTextInHeader(TestImages.Jp2()),
    };

    public static TheoryData<string> DoubtfulFiles => [.. Doubtful.Keys];

    [Theory]
    [MemberData(nameof(DoubtfulFiles))]
    public async Task Edits_OfADoubtfulFile_AreUnknown(string name)
    {
        var (header, decoded) = await InspectAsync(Doubtful[name]());

        decoded!.Thumbnails.ShouldNotBeEmpty(); // it is an image
        header.MetadataEdits.ShouldBeNull();
    }

    [Fact]
    public async Task Edits_OfAGifWithAPlainText_RemoveIt()
    {
        var gif = TestImages.AnimatedGif();
        byte[] file = [.. gif[..^1], 0x21, 0x01, 12, .. new byte[12], 6, .. "secret"u8, 0, gif[^1]];
        var before = await InspectAsync(file);

        var copy = Apply(file, before.Header.MetadataEdits.ShouldNotBeNull());

        Has(copy, [.. "secret"u8]).ShouldBeFalse();
        await ShouldBeTheSameAsync(before, copy);
    }

    private static byte[] WithStrayMarker()
    {
        var file = Saved(image => image.JpegsaveBuffer(restartInterval: 1));
        var restart = file.AsSpan().IndexOf((byte[])[0xFF, 0xD3]);
        restart.ShouldBePositive();
        file[restart - 2] = 0xFF;
        file[restart - 1] = 0x01;
        return file;
    }

    private static byte[] PlainTiff() => Saved(image => image.TiffsaveBuffer(compression: Enums.ForeignTiffCompression.None));

    private static byte[] Saved(Func<Image, byte[]> save)
    {
        using var image = Image.NewFromBuffer(TestImages.Jpeg());
        return save(image);
    }

    // Little endian, values within the entries.
    private static byte[] WithEntry(byte[] tiff, ushort tag, ushort newTag, uint value)
    {
        var directory = (int)BinaryPrimitives.ReadUInt32LittleEndian(tiff.AsSpan(4));
        for (var at = directory + 2; at < directory + 2 + 12 * BinaryPrimitives.ReadUInt16LittleEndian(tiff.AsSpan(directory)); at += 12)
        {
            if (BinaryPrimitives.ReadUInt16LittleEndian(tiff.AsSpan(at)) != tag)
                continue;
            BinaryPrimitives.WriteUInt16LittleEndian(tiff.AsSpan(at), newTag);
            BinaryPrimitives.WriteUInt32LittleEndian(tiff.AsSpan(at + 8), value);
            return tiff;
        }

        throw new InvalidOperationException($"There is no tag {tag}.");
    }

    private static byte[] WithTextInHeader(byte[] jp2)
    {
        byte[] text = [0, 0, 0, 14, .. "xml "u8, .. Encoding.ASCII.GetBytes("secret")];
        var header = jp2.AsSpan().IndexOf("jp2h"u8) - 4;
        var length = BinaryPrimitives.ReadInt32BigEndian(jp2.AsSpan(header));
        byte[] longer = [.. jp2[..(header + length)], .. text, .. jp2[(header + length)..]];
        BinaryPrimitives.WriteInt32BigEndian(longer.AsSpan(header), length + text.Length);
        return longer;
    }
}
