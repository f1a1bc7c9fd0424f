using ImageAspire.Core.Errors;

namespace ImageAspire.Core.Ports;

/// <summary>Makes a backend's stores ready for this version, before any part of a service starts.</summary>
public interface IStorePreparation
{
    /// <summary>Checks that this version can use the stores, and upgrades those of earlier versions. Safe when several processes start at once.</summary>
    /// <exception cref="StoreUnavailableException">They cannot be used; with <see cref="StoreProblem.Incompatible"/>, not by this version.</exception>
    Task PrepareAsync(CancellationToken cancellationToken);
}
