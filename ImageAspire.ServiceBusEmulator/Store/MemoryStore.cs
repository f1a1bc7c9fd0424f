namespace ImageAspire.ServiceBusEmulator.Store;

/// <summary>Keeps nothing: what the broker holds in memory is all there is.</summary>
internal sealed class MemoryStore : IMessageStore
{
    public long Committed => long.MaxValue;

    public string? Failure => null;

    public StoredState Load() => new([], [], [], [], new Dictionary<long, long>());

    public void Append(StoreBatch batch, Action committed)
    {
        // Nothing to wait for: the caller runs what waits for this batch.
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
