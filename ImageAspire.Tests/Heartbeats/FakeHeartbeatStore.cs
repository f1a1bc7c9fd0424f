using System.Collections.Concurrent;
using ImageAspire.Core.Errors;
using ImageAspire.Core.Heartbeats;
using ImageAspire.Core.Ports;

namespace ImageAspire.Tests.Heartbeats;

/// <summary>Heartbeats in memory, in a store that can be away.</summary>
internal sealed class FakeHeartbeatStore : IHeartbeatStore
{
    private readonly ConcurrentDictionary<Guid, Heartbeat> _all = new();
    private int _writes;

    public bool IsAway { get; set; }

    /// <summary>Whether writes wait until they are cancelled, as those of a driver that looks for its server.</summary>
    public bool Hangs { get; set; }

    /// <summary>What the store throws, other than that it is away; null for nothing.</summary>
    public Exception? Fault { get; set; }

    /// <summary>Writes that were asked for.</summary>
    public int Writes => Volatile.Read(ref _writes);

    public ICollection<Heartbeat> All => _all.Values;

    public async Task WriteAsync(Heartbeat heartbeat, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _writes);
        ThrowIfAway();
        if (Hangs)
            await Task.Delay(Timeout.Infinite, cancellationToken);
        _all[heartbeat.Id] = heartbeat;
    }

    public Task<IReadOnlyList<Heartbeat>> ListAsync(CancellationToken cancellationToken)
    {
        ThrowIfAway();
        return Task.FromResult<IReadOnlyList<Heartbeat>>([.. _all.Values]);
    }

    public Task RemoveAsync(IReadOnlyCollection<Guid> ids, CancellationToken cancellationToken) => RunAsync(() =>
    {
        ThrowIfAway();
        foreach (var id in ids)
            _all.TryRemove(id, out _);
    });

    private static Task RunAsync(Action work)
    {
        work();
        return Task.CompletedTask;
    }

    private void ThrowIfAway()
    {
        if (Fault is { } fault)
            throw fault;
        if (IsAway)
            throw new StoreUnavailableException("The store is away.");
    }
}
