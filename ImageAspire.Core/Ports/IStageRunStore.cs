using ImageAspire.Core.Pipeline;

namespace ImageAspire.Core.Ports;

/// <summary>The last run of each stage that an operator asked for. A handful of small documents.</summary>
public interface IStageRunStore
{
    /// <summary>All of them, by stage.</summary>
    Task<IReadOnlyList<StageRun>> ListAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Stores a run durably in the place of the version before it; of several callers with the same version exactly one succeeds.
    /// Version 1 is the first run of a stage.
    /// </summary>
    /// <returns>False when the stored version is not the one before; nothing was written.</returns>
    Task<bool> SaveAsync(StageRun run, CancellationToken cancellationToken);
}
