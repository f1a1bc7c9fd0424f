namespace ImageAspire.Imaging.Headers;

/// <summary>A preview in a camera's raw file.</summary>
/// <param name="At">Where in the file.</param>
/// <param name="Length">In bytes, as far as they are in the file.</param>
/// <param name="Width">Pixels as stored; 0 when nothing of it is there.</param>
/// <param name="Height">Likewise.</param>
/// <param name="IsCut">It reaches past the end of the file.</param>
internal sealed record CameraPreview(long At, long Length, long Width, long Height, bool IsCut)
{
    private const int Compression = 259, Photometric = 262, StripOffsets = 273, StripCounts = 279, Tables = 347, JpegAt = 513, JpegLength = 514;
    private const int OldJpeg = 6, Jpeg = 7;
    private const int White = 0, Black = 1, Rgb = 2, YCbCr = 6; // of photometric interpretations those of pictures, not of masks or of a sensor

    /// <summary>The preview of a directory; null when it has none that is a JPEG. The data of a sensor can be a JPEG as well, of a kind that only raw converters read.</summary>
    public static CameraPreview? Of(TiffFile file, TiffDirectory directory)
    {
        if (Part(directory) is not (> 0 and var at, > 0 and var length))
            return null;
        var there = Math.Min(length, file.Bytes.Length - at);
        if (there > 0 && JpegHeader.PictureSize(file.Bytes.Part(at, there)) is var (width, height))
            return new CameraPreview(at, there, width, height, IsCut: there < length);
        return there < length ? new CameraPreview(at, 0, 0, 0, IsCut: true) : null;
    }

    private static (long At, long Length)? Part(TiffDirectory directory)
    {
        if (directory.Number(JpegAt) is { } at && directory.Number(JpegLength) is { } length)
            return (at, length);
        return directory.Number(Compression) is OldJpeg or Jpeg && directory.Number(Photometric) is null or White or Black or Rgb or YCbCr
            && !directory.Entries.ContainsKey(Tables) && directory.Numbers(StripOffsets, 2) is [var strip] && directory.Numbers(StripCounts, 2) is [var count]
            ? (strip, count) : null;
    }
}
