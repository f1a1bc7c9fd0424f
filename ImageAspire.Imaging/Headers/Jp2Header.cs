namespace ImageAspire.Imaging.Headers;

/// <summary>The size of a JPEG 2000 image: the marker SIZ of its codestream (ITU-T T.800, A.5.1), which a JP2 file (annex I) has in a box.</summary>
internal static class Jp2Header
{
    private const uint StartAndSize = 0xFF4FFF51; // the markers SOC and SIZ, with which every codestream begins
    private const int SizeAt = 8;

    public static RawHeader Read(Bytes file)
    {
        var at = file.U32(0, big: true) == StartAndSize ? 0 : Boxes.Find(file, "jp2c"u8) ?? throw HeaderReader.Broken();
        if (file.U32(at, big: true) != StartAndSize)
            throw HeaderReader.Broken();
        long Field(int index) => file.U32(at + SizeAt + index * sizeof(uint), big: true);
        return new RawHeader(Field(0) - Field(2), Field(1) - Field(3)); // the grid's size less the image's offset in it
    }
}
