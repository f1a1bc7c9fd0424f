using ImageAspire.Core.Ports;
using ImageAspire.Embedded.Alarms;
using ImageAspire.Tests.Contracts;

namespace ImageAspire.Tests.Embedded;

public sealed class EmbeddedAlarmStoreTests : AlarmStoreContract, IAsyncDisposable
{
    private readonly OperationsFile _file = new();

    protected override IAlarmStore Open() => new EmbeddedAlarmStore(_file.Open());

    public ValueTask DisposeAsync() => _file.DisposeAsync();
}
