namespace ImageAspire.Imaging.Headers;

/// <summary>
/// The size of a JPEG 2000 image: the marker SIZ of its codestream (ITU-T T.800, A.5.1), which a JP2 file (annex I) has in a box. Its metadata, which
/// ImageMagick leaves out, are in boxes of their own.
/// </summary>
internal static class Jp2Header
{
    private const uint StartAndSize = 0xFF4FFF51; // the markers SOC and SIZ, with which every codestream begins
    private const int SizeAt = 8;

    private static readonly byte[] Exif = [.. "JpgTiffExif->JP2"u8];
    private static readonly byte[] Xmp = [0xBE, 0x7A, 0xCF, 0xCB, 0x97, 0xA9, 0x42, 0xE8, 0x9C, 0x71, 0x99, 0x94, 0x91, 0xE3, 0xAF, 0xAC];
    private static readonly byte[] Iptc = [0x33, 0xC7, 0xA4, 0xD2, 0xB8, 0x1D, 0x47, 0x23, 0xA0, 0xBA, 0xF1, 0xA3, 0xE0, 0x97, 0xAD, 0x38];

    public static RawHeader Read(Bytes file)
    {
        var isAlone = file.U32(0, big: true) == StartAndSize;
        var at = isAlone ? 0 : Box.In(file).FirstOrDefault(box => box.Type == "jp2c").Content;
        if (file.U32(at, big: true) != StartAndSize)
            throw HeaderReader.Broken();
        long Field(int index) => file.U32(at + SizeAt + index * sizeof(uint), big: true);
        var size = new RawHeader(Field(0) - Field(2), Field(1) - Field(3)); // the grid's size less the image's offset in it
        return isAlone ? size : size with { Exif = Block(file, Exif), Xmp = Block(file, Xmp), Iptc = Block(file, Iptc) };
    }

    private static byte[]? Block(Bytes file, byte[] kind) => Box.In(file).Where(box => box is { Type: "uuid", IsCut: false } && file.Has(box.Content, kind))
        .Select(box => file.Copy(box.Content + kind.Length, box.End - box.Content - kind.Length)).FirstOrDefault();
}
