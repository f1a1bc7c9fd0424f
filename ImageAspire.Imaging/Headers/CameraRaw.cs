using ImageAspire.Core.Images;
using ImageAspire.Core.Ports;

namespace ImageAspire.Imaging.Headers;

/// <summary>
/// A camera's raw file that is a TIFF: DNG (Adobe DNG specification), CR2, NEF, ARW and others by TIFF/EP (ISO 12234-2). What can be shown of it
/// is a preview that the camera has put into it, a JPEG.
/// </summary>
/// <param name="Width">Pixels of the full image as stored, or of the preview when the file does not say.</param>
/// <param name="Height">Likewise.</param>
/// <param name="Preview">The largest preview; null for none.</param>
/// <param name="EndsEarly">Something that a directory points at lies behind the end of the file.</param>
internal sealed record CameraRaw(long Width, long Height, CameraPreview? Preview, bool EndsEarly)
{
    private const int Subfile = 254, Photometric = 262, StripOffsets = 273, StripCounts = 279, TileOffsets = 324, TileCounts = 325, SubDirectories = 330;
    private const int DngVersion = 50706, DefaultCropSize = 50720;
    private const int ColourFilterArray = 32803, LinearRaw = 34892;
    private const int CanonMarkAt = 8, CanonDirectoryAt = 16;

    // Cameras write fewer than ten directories, two deep.
    private const int MaxDirectories = 64, MaxSubDirectories = 16, MaxDepth = 4, MaxStrips = 1 << 16;

    /// <summary>Of a file that is a TIFF by its first bytes; null when it is an ordinary one.</summary>
    public static CameraRaw? Find(TiffFile file)
    {
        var (directories, isWhole) = Directories(file);
        if (directories.Count == 0 || !IsRaw(file, directories))
            return null;
        var previews = directories.Select(one => CameraPreview.Of(file, one)).OfType<CameraPreview>().ToList();
        var preview = previews.Where(one => one.Width > 0).MaxBy(one => one.Width * one.Height);
        var endsEarly = previews.Any(one => one.IsCut) || directories.Any(one => IsFull(one) && IsCut(file, one)) || preview is null && !isWhole;
        var (width, height) = directories.Where(one => IsFull(one) && IsSensor(one)).Select(Size).DefaultIfEmpty().MaxBy(one => one.Width * one.Height);
        return preview is not null && (preview.Width > width || preview.Height > height)
            ? new CameraRaw(preview.Width, preview.Height, preview, endsEarly) : new CameraRaw(width, height, preview, endsEarly);
    }

    /// <summary>For a file without a preview.</summary>
    public UnusableImageException WithoutPreview() => EndsEarly ? BrokenImage.Truncated() : new UnusableImageException(FailureCodes.UnsupportedVariant,
        "This raw file of a camera has no JPEG preview in it, and only that could be shown. Save the image as JPEG, and upload that.");

    private static (List<TiffDirectory> Found, bool IsWhole) Directories(TiffFile file)
    {
        var found = new List<TiffDirectory>();
        var seen = new HashSet<long>();
        var isWhole = true;
        Walk(file.First, 0);
        return (found, isWhole);

        void Walk(long at, int depth)
        {
            try
            {
                while (at > 0 && found.Count < MaxDirectories && seen.Add(at))
                {
                    var directory = file.Read(at);
                    found.Add(directory);
                    foreach (var sub in depth < MaxDepth ? directory.Numbers(SubDirectories, MaxSubDirectories) : [])
                        Walk(sub, depth + 1);
                    at = file.Next(at);
                }
            }
            catch (Exception error) when (error is EndOfStreamException or UnusableImageException)
            {
                isWhole = false; // some cameras write a pointer to nothing
            }
        }
    }

    private static bool IsRaw(TiffFile file, List<TiffDirectory> directories) =>
        file.First >= CanonDirectoryAt && file.Bytes.Has(CanonMarkAt, [(byte)'C', (byte)'R', 2, 0]) || directories[0].Entries.ContainsKey(DngVersion) || directories.Any(IsSensor);

    private static bool IsSensor(TiffDirectory directory) => directory.Number(Photometric) is ColourFilterArray or LinearRaw;

    private static bool IsFull(TiffDirectory directory) => directory.Number(Subfile) is null or 0;

    // Without the border of the sensor, where the file says how wide that is.
    private static (long Width, long Height) Size(TiffDirectory directory) => directory.Numbers(DefaultCropSize, 2) is [> 0 and var width, > 0 and var height]
        ? (width, height) : (directory.Number(TiffHeader.Width) ?? 0, directory.Number(TiffHeader.Height) ?? 0);

    private static bool IsCut(TiffFile file, TiffDirectory directory) =>
        IsCut(file, directory, StripOffsets, StripCounts) || IsCut(file, directory, TileOffsets, TileCounts);

    private static bool IsCut(TiffFile file, TiffDirectory directory, int offsets, int counts) =>
        directory.Numbers(offsets, MaxStrips).Zip(directory.Numbers(counts, MaxStrips)).Any(part => part.First < 0 || part.Second > file.Bytes.Length - part.First);
}
