using ImageAspire.Core.Errors;

namespace ImageAspire.Core.Ports;

/// <summary>Whether the stores have room for uploads. What is left below a reserve belongs to deletes and other acts of operators.</summary>
public interface IStorageSpace
{
    /// <summary>Checks that bytes of an upload can be stored without touching the reserve. Cheap enough for every piece of an upload.</summary>
    /// <param name="bytes">How many bytes follow, as far as is known; 0 for an unknown number.</param>
    /// <param name="cancellationToken">Ends the check.</param>
    /// <exception cref="StoreUnavailableException"><see cref="StoreProblem.NearlyFull"/>: they cannot.</exception>
    ValueTask CheckAsync(long bytes, CancellationToken cancellationToken);

    /// <summary>The volume of the bytes; null when it has no end, or when the system does not say.</summary>
    VolumeSpace? Measure();
}

/// <summary>How full a volume is.</summary>
/// <param name="FreeBytes">Bytes that can still be written.</param>
/// <param name="TotalBytes">Bytes of the whole volume.</param>
public sealed record VolumeSpace(long FreeBytes, long TotalBytes)
{
    /// <summary>Those of the free bytes that uploads may take; less than none when they are refused.</summary>
    public long RoomBytes { get; init; } = FreeBytes;
}
