using ImageAspire.Core.Lifecycle;
using ImageAspire.Core.Ports;
using ImageAspire.Embedded;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ImageAspire.Benchmarks.Data;

/// <summary>The embedded backend's stores on a data folder, in this process, to put records in and to ask them directly.</summary>
internal sealed class SeededStore : IAsyncDisposable
{
    private const int Batch = 1000;
    private readonly ServiceProvider _services;
    private readonly SeedRecords _records = new();

    public SeededStore(string dataFolder) => _services = new ServiceCollection()
        .AddLogging(logging => logging.SetMinimumLevel(LogLevel.Warning))
        .AddEmbeddedBackend(options => options.DataFolder = dataFolder)
        .BuildServiceProvider();

    public IImageCatalog Catalog => _services.GetRequiredService<IImageCatalog>();

    public IVectorIndex Vectors => _services.GetRequiredService<IVectorIndex>();

    public IEventBus Bus => _services.GetRequiredService<IEventBus>();

    /// <summary>How many records have been put in.</summary>
    public int Count { get; private set; }

    /// <summary>Puts in records until there are so many: a thousand in each transaction, the next thousand made meanwhile.</summary>
    public async Task GrowToAsync(int count, CancellationToken cancellationToken)
    {
        var start = TimeProvider.System.GetTimestamp();
        var before = Count;
        Task<IReadOnlyList<CommitResult>> writing = Task.FromResult<IReadOnlyList<CommitResult>>([]);
        while (Count < count)
        {
            Transition[] transitions = [.. Enumerable.Range(Count, Math.Min(Batch, count - Count)).Select(_records.Number)];
            Count += transitions.Length;
            await CheckAsync(writing);
            writing = Catalog.CommitAsync(transitions, cancellationToken);
        }

        await CheckAsync(writing);
        var seconds = TimeProvider.System.GetElapsedTime(start).TotalSeconds;
        await Console.Error.WriteLineAsync($"{count:#,0} records ({(count - before) / Math.Max(seconds, 0.001):#,0} a second)");
    }

    public ValueTask DisposeAsync() => _services.DisposeAsync();

    private static async Task CheckAsync(Task<IReadOnlyList<CommitResult>> writing)
    {
        if ((await writing).Any(result => result != CommitResult.Applied))
            throw new InvalidOperationException("A seeded record was not stored. Is the data folder empty?");
    }
}
