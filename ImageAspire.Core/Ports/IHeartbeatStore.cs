using ImageAspire.Core.Heartbeats;

namespace ImageAspire.Core.Ports;

/// <summary>
/// The last heartbeat of each process: a handful of small documents, written every few seconds. A heartbeat need not survive a crash of the
/// machine, because the next one follows at once.
/// </summary>
public interface IHeartbeatStore
{
    /// <summary>Stores a heartbeat in the place of the last one of the same process.</summary>
    Task WriteAsync(Heartbeat heartbeat, CancellationToken cancellationToken);

    /// <summary>The last heartbeat of each process, in no order.</summary>
    Task<IReadOnlyList<Heartbeat>> ListAsync(CancellationToken cancellationToken);

    /// <summary>Removes the heartbeats of processes; those that are not stored are ignored.</summary>
    Task RemoveAsync(IReadOnlyCollection<Guid> ids, CancellationToken cancellationToken);
}
