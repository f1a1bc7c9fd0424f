using System.Globalization;
using ImageAspire.Core.Errors;
using ImageAspire.Core.Ports;
using ImageAspire.Embedded.Blobs;
using ImageAspire.Embedded.Files;

namespace ImageAspire.Embedded.Space;

/// <summary>What is kept free; null for the default.</summary>
/// <param name="MinFreeBytes">Bytes that uploads leave free on the volume.</param>
/// <param name="ReserveFileBytes">Size of the reserve file.</param>
internal sealed record SpaceLimits(long? MinFreeBytes, long? ReserveFileBytes);

/// <summary>
/// The room for uploads on the data folder's volume. The free space is measured at most ten times a second while there is plenty; what uploads of
/// this process take meanwhile is subtracted, and nothing is refused without measuring again.
/// </summary>
internal sealed class EmbeddedStorageSpace(DataFolder folder, SpaceLimits limits, IVolume volume, TimeProvider time) : IStorageSpace
{
    // Of the volume, when nothing is configured: a small disk must hold images, too.
    private const int DefaultShare = 20;
    private const long DefaultMinFree = 256L << 20;
    private const long DefaultReserve = 16L << 20;

    private static readonly TimeSpan MaxAge = TimeSpan.FromMilliseconds(100);
    private readonly Lock _lock = new();
    private long? _measuredAt;
    private long _room;

    /// <summary>The reserve file.</summary>
    private SpaceReserve Reserve { get; } = new(folder.FullPath);

    public ValueTask CheckAsync(long bytes, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (_lock)
        {
            if (_room <= bytes || _measuredAt is not { } at || time.GetElapsedTime(at) > MaxAge)
                (_room, _measuredAt) = (Room(), time.GetTimestamp());
            if (_room <= bytes)
                throw NearlyFull(bytes);
            _room -= bytes;
        }

        return ValueTask.CompletedTask;
    }

    // Space of a reserve that was given up is not free for uploads.
    public VolumeSpace? Measure() => volume.Read(folder.FullPath) is var (free, total)
        ? new VolumeSpace(free, total) { RoomBytes = free - MinFree(total) - Math.Max(0, ReserveBytes(total) - Reserve.Bytes) } : null;

    /// <summary>Creates the reserve when it is missing and there is room for it beside what uploads must leave; true when it was created.</summary>
    /// <exception cref="IOException">There is no room, after all.</exception>
    public bool RestoreReserve()
    {
        if (volume.Read(folder.FullPath) is not var (free, total))
            return false;
        var (wanted, present) = (ReserveBytes(total), Reserve.Bytes);
        if (wanted <= present || free + present - wanted <= MinFree(total))
            return false;
        Reserve.Create(wanted);
        return true;
    }

    /// <summary>Whether the reserve is smaller than it should be.</summary>
    public bool IsReserveMissing => volume.Read(folder.FullPath) is var (_, total) && Reserve.Bytes < ReserveBytes(total);

    // Where the volume cannot be read, writing shows what is wrong.
    private long Room() => Measure()?.RoomBytes ?? long.MaxValue;

    private long MinFree(long total) => limits.MinFreeBytes ?? Math.Min(DefaultMinFree, total / DefaultShare);

    private long ReserveBytes(long total) => limits.ReserveFileBytes ?? Math.Min(DefaultReserve, total / DefaultShare);

    private StoreUnavailableException NearlyFull(long bytes)
    {
        var (free, total) = volume.Read(folder.FullPath) ?? (0, 0);
        var keep = MinFree(total) + Math.Max(0, ReserveBytes(total) - Reserve.Bytes);
        return new StoreUnavailableException(string.Create(CultureInfo.InvariantCulture,
            $"'{folder.PathOf(BlobPaths.FolderName)}' cannot be used now for uploads: {free} bytes are free, and an upload of {bytes} bytes would leave less than the {keep} that are kept for deletes (Embedded:MinFreeBytes). Free some space; work resumes by itself."))
            { Problem = StoreProblem.NearlyFull, NothingWritten = true };
    }
}
