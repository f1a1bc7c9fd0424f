using System.IO.Compression;
using ImageAspire.Core.Pipeline;
using ImageAspire.Core.Ports;
using ImageAspire.Embedded;
using ImageAspire.Embedded.Backup;
using ImageAspire.Tests.Backup;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace ImageAspire.Tests.Embedded.Stores;

/// <summary>The data folder of an earlier release (see README.md), unpacked for one test and opened by the present code a day later.</summary>
internal sealed class ReleaseStore : IAsyncDisposable
{
    private readonly TempFolder _folder = new();
    private ServiceProvider? _services;

    public ReleaseStore(string name) => ZipFile.ExtractToDirectory(Path.Combine(AppContext.BaseDirectory, "Embedded", "Stores", name + ".zip"), _folder.Root);

    public static DateTimeOffset MadeAt { get; } = new(2026, 11, 20, 10, 11, 15, TimeSpan.Zero);

    public FakeTimeProvider Clock { get; } = new(MadeAt.AddDays(1));

    public T Get<T>()
        where T : notnull => (_services ??= new ServiceCollection().AddLogging().AddSingleton<TimeProvider>(Clock)
            .AddEmbeddedBackend(options => options.DataFolder = _folder.Root).BuildServiceProvider()).GetRequiredService<T>();

    /// <summary>Closes the stores as a process does that ends; the next use opens them again.</summary>
    public async Task CloseAsync()
    {
        if (_services is { } services)
            await services.DisposeAsync();
        _services = null;
    }

    /// <summary>Every fault of the store: SQLite's own check of each database, bytes against digests, figures and search against records.</summary>
    public async Task<IReadOnlyList<string>> FaultsAsync()
    {
        var said = new SmallStore.Lines();
        await new StoreVerification(TimeProvider.System, said).StoreAsync(_folder.Root, quick: false, CancellationToken.None);
        return [.. said.Faults];
    }

    public Task<IAsyncDisposable> SubscribeAsync(string subscription, Func<ReceivedMessage, Task> handler) => Get<IEventBus>().SubscribeAsync(
        StageCatalog.Subscriptions.Single(one => one.Name == subscription), async (message, _) =>
        {
            await handler(message);
            return MessageOutcome.Completed;
        }, CancellationToken.None);

    public async ValueTask DisposeAsync()
    {
        await CloseAsync();
        _folder.Dispose();
    }
}
