using ImageAspire.Core.Pipeline;
using ImageAspire.Core.Ports;
using ImageAspire.Embedded.Database;
using ImageAspire.Embedded.Events;
using ImageAspire.Tests.Contracts;
using Microsoft.Extensions.Logging.Abstractions;

namespace ImageAspire.Tests.Embedded;

public sealed class EmbeddedEventBusTests : EventBusContract, IAsyncLifetime
{
    private readonly TempFolder _folder = new();
    private readonly List<IAsyncDisposable> _open = [];

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        for (var i = _open.Count - 1; i >= 0; i--)
            await _open[i].DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Open_FirstTime_TheTopologysSubscriptionsExist() =>
        (await OpenOperations().GetStatusAsync(CancellationToken.None)).Select(status => status.Name)
            .ShouldBe(Topology.DurableSubscriptions.Select(one => one.Name), ignoreOrder: true);

    protected override IEventBus Open() => OpenInstance();

    protected override ITopicOperations OpenOperations() => OpenInstance();

    private EmbeddedEventBus OpenInstance()
    {
        // A database of its own for each instance: nothing is shared but the file, as between processes.
        var database = MainDatabase.Open(_folder.Options);
        var bus = new EmbeddedEventBus(database, TimeProvider.System, NullLogger<EmbeddedEventBus>.Instance);
        _open.Add(database);
        _open.Add(bus);
        return bus;
    }
}
