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

    /// <summary>The room that uploads have now; null when it has no limit, or the system does not say.</summary>
    StorageRoom? Measure();
}

/// <summary>The room for uploads.</summary>
/// <param name="Bytes">Bytes that uploads may still take before the reserve; less than none when they are refused already.</param>
/// <param name="FreeBytes">Bytes of the volume that are free.</param>
/// <param name="TotalBytes">Bytes of the whole volume.</param>
public sealed record StorageRoom(long Bytes, long FreeBytes, long TotalBytes);
