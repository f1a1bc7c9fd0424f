namespace ImageAspire.Imaging.Headers;

/// <summary>The size in a Photoshop file (Adobe Photoshop File Formats Specification): the same place in every version.</summary>
internal static class PsdHeader
{
    private const int HeightAt = 14, WidthAt = 18;

    public static RawHeader Read(Bytes file) => new(file.U32(WidthAt, big: true), file.U32(HeightAt, big: true));
}
