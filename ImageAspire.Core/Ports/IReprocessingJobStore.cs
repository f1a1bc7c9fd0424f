
namespace ImageAspire.Core.Ports;

/// <summary>The last reprocessing job of each stage. A handful of small documents.</summary>
public interface IReprocessingJobStore
{
    /// <summary>All of them, by stage.</summary>
    Task<IReadOnlyList<ReprocessingJob>> ListAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Stores a job durably in the place of the version before it; of several callers with the same version exactly one succeeds.
    /// Version 1 is the first job of a stage.
    /// </summary>
    /// <returns>False when the stored version is not the one before; nothing was written.</returns>
    Task<bool> SaveAsync(ReprocessingJob job, CancellationToken cancellationToken);
}
