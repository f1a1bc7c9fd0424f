namespace ImageAspire.Imaging.Headers;

/// <summary>The header of a QOI (the "Quite OK Image Format", version 1.0).</summary>
internal static class QoiHeader
{
    /// <summary>With which every complete file ends.</summary>
    public static ReadOnlySpan<byte> End => [0, 0, 0, 0, 0, 0, 0, 1];

    public static RawHeader Read(Bytes file) => new(file.U32(4, big: true), file.U32(8, big: true));
}
