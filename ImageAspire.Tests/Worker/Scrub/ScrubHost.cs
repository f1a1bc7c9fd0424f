using ImageAspire.Core.Errors;
using ImageAspire.Core.Images;
using ImageAspire.Core.Pipeline;
using ImageAspire.Core.Ports;
using ImageAspire.Embedded;
using ImageAspire.Worker;
using ImageAspire.Worker.Scrub;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;
using Microsoft.Extensions.Time.Testing;

namespace ImageAspire.Tests.Worker.Scrub;

/// <summary>A Worker that only scrubs, with real stores. Several may share a folder.</summary>
internal sealed class ScrubHost : IAsyncDisposable
{
    private readonly ServiceProvider _services;

    /// <param name="folder">The data folder.</param>
    /// <param name="time">The clock.</param>
    /// <param name="blobs">Stands before the real store.</param>
    /// <param name="configure">Changes the settings.</param>
    public ScrubHost(TempFolder folder, TimeProvider time, Func<IBlobStore, IBlobStore>? blobs = null, Action<WorkerOptions>? configure = null)
    {
        var options = new WorkerOptions();
        configure?.Invoke(options);
        var services = new ServiceCollection().AddLogging(logging => logging.AddFakeLogging().SetMinimumLevel(LogLevel.Debug)).AddSingleton(time).AddSingleton(options);
        services.AddEmbeddedBackend(embedded => embedded.DataFolder = folder.Root);
        if (blobs is not null)
        {
            var real = services.Last(one => one.ServiceType == typeof(IBlobStore));
            services.AddSingleton(provider => blobs((IBlobStore)ActivatorUtilities.CreateInstance(provider, real.ImplementationType!)));
        }

        _services = services.AddScrub().BuildServiceProvider();
        Folder = folder;
    }

    public TempFolder Folder { get; }

    public FakeLogCollector Log => Get<FakeLogCollector>();

    public IImageCatalog Catalog => Get<IImageCatalog>();

    public IScrubFindingStore Findings => Get<IScrubFindingStore>();

    public ScrubLease Lease => Get<ScrubLease>();

    public ScrubService Service => Get<IEnumerable<Microsoft.Extensions.Hosting.IHostedService>>().OfType<ScrubService>().Single();

    public T Get<T>()
        where T : notnull => _services.GetRequiredService<T>();

    public Task<ScrubProgress?> ProgressAsync() => Get<IScrubProgressStore>().ReadAsync(CancellationToken.None);

    /// <summary>One step; false when there is nothing to do.</summary>
    public async Task<bool> StepAsync()
    {
        (await Lease.TryAcquireAsync(CancellationToken.None)).ShouldBeTrue();
        return await Get<Scrubber>().StepAsync(CancellationToken.None);
    }

    /// <summary>Steps until there is nothing to do.</summary>
    public async Task RunAsync()
    {
        while (await StepAsync())
        {
        }
    }

    public async Task<HealthReportEntry> HealthAsync() => (await Get<HealthCheckService>().CheckHealthAsync()).Entries["originals"];

    public async Task<ImageRecord> UploadAsync(byte[] file, string name = "photo.jpg")
    {
        var receive = new ReceiveImage(Catalog, Get<IBlobStore>(), Findings, Get<TimeProvider>());
        var staged = await receive.StageAsync(new MemoryStream(file), name, 50 << 20, CancellationToken.None);
        return (await receive.CommitAsync([staged], new Uploader("tester"), CancellationToken.None))[0].Record;
    }

    public string PathOf(ImageRecord record) => PathOf(Folder.Root, record.Id);

    public static string PathOf(string folder, Guid id) =>
        Directory.GetFiles(Path.Combine(folder, "blobs", "originals"), $"*{id}*", SearchOption.AllDirectories).ShouldHaveSingleItem();

    /// <summary>What a failing disk does.</summary>
    public static void Flip(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.ReadWrite);
        file.Position = file.Length / 2;
        var value = file.ReadByte();
        file.Position--;
        file.WriteByte((byte)(value ^ 1));
    }

    public ValueTask DisposeAsync() => _services.DisposeAsync();
}

/// <summary>A clock that jumps to the end of every wait.</summary>
internal sealed class SkippingClock : FakeTimeProvider
{
    public SkippingClock()
        : base(Samples.Noon)
    {
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = base.CreateTimer(callback, state, dueTime, period);
        if (dueTime > TimeSpan.Zero)
            Advance(dueTime);
        return timer;
    }
}

/// <summary>A blob store whose reads can be made to fail.</summary>
internal sealed class FaultyBlobs(IBlobStore inner) : IBlobStore
{
    /// <summary>Comes before each blob is opened; it may throw.</summary>
    public Func<string, Task> BeforeOpen { get; set; } = _ => Task.CompletedTask;

    /// <summary>Comes between an opened blob and its reader.</summary>
    public Func<Stream, Stream> Around { get; set; } = stream => stream;

    /// <summary>True: nothing can be staged or asked.</summary>
    public bool IsAway { get; set; }

    public List<string> Opened { get; } = [];

    public Task<IStagedBlob> StageAsync(CancellationToken cancellationToken) => IsAway ? throw Away() : inner.StageAsync(cancellationToken);

    public async Task<Stream?> OpenAsync(string name, long offset, long? length, CancellationToken cancellationToken)
    {
        if (IsAway)
            throw Away();
        Opened.Add(name);
        await BeforeOpen(name);
        return await inner.OpenAsync(name, offset, length, cancellationToken) is { } stream ? Around(stream) : null;
    }

    public Task<BlobInfo?> StatAsync(string name, CancellationToken cancellationToken) => IsAway ? throw Away() : inner.StatAsync(name, cancellationToken);

    public Task<bool> DeleteAsync(string name, CancellationToken cancellationToken) => inner.DeleteAsync(name, cancellationToken);

    public IAsyncEnumerable<BlobInfo> ListAsync(string folder, CancellationToken cancellationToken) => inner.ListAsync(folder, cancellationToken);

    private static StoreUnavailableException Away() => new("The disk is away.");
}
