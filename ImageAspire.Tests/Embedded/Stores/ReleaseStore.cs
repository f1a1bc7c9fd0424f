using System.IO.Compression;
using ImageAspire.Core.Pipeline;
using ImageAspire.Core.Ports;
using ImageAspire.Embedded;
using ImageAspire.Embedded.Backup;
using ImageAspire.Embedded.Space;
using ImageAspire.Tests.Backup;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace ImageAspire.Tests.Embedded.Stores;

/// <summary>The data folder of an earlier release (see README.md), unpacked for one test and opened by the present code a day later.</summary>
internal sealed class ReleaseStore : IAsyncDisposable
{
    private readonly TempFolder _folder = new();
    private ServiceProvider? _services;

    /// <summary>Another process on the store of another one.</summary>
    public ReleaseStore(string name, string folder)
        : this(name) => Folder = folder;

    public ReleaseStore(string name) => ZipFile.ExtractToDirectory(Path.Combine(AppContext.BaseDirectory, "Embedded", "Stores", name + ".zip"), Folder = _folder.Root);

    /// <summary>The data folder.</summary>
    public string Folder { get; }

    /// <summary>Free space that the system reports; null for what there is.</summary>
    public long? Free { get; set; }

    /// <summary>Settings, before the first use.</summary>
    public EmbeddedOptions Options { get; } = new();

    public static DateTimeOffset MadeAt { get; } = new(2026, 11, 20, 10, 11, 15, TimeSpan.Zero);

    public FakeTimeProvider Clock { get; } = new(MadeAt.AddDays(1));

    public T Get<T>()
        where T : notnull => (_services ??= new ServiceCollection().AddLogging().AddSingleton<TimeProvider>(Clock).AddSingleton<IVolume>(new Volume(this))
            .AddEmbeddedBackend(options => (options.DataFolder, options.UpgradeBackups) = (Folder, Options.UpgradeBackups)).BuildServiceProvider()).GetRequiredService<T>();

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
        await new StoreVerification(TimeProvider.System, said).StoreAsync(Folder, quick: false, CancellationToken.None);
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

    private sealed class Volume(ReleaseStore store) : IVolume
    {
        public (long Free, long Total)? Read(string folder) => store.Free is { } free ? (free, long.MaxValue) : new SystemVolume().Read(folder);
    }
}
