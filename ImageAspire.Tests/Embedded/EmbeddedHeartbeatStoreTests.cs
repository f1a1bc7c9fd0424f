using ImageAspire.Core.Ports;
using ImageAspire.Embedded.Heartbeats;
using ImageAspire.Tests.Contracts;

namespace ImageAspire.Tests.Embedded;

public sealed class EmbeddedHeartbeatStoreTests : HeartbeatStoreContract, IAsyncDisposable
{
    private readonly OperationsFile _file = new();

    protected override IHeartbeatStore Open() => new EmbeddedHeartbeatStore(_file.Open());

    public ValueTask DisposeAsync() => _file.DisposeAsync();
}
