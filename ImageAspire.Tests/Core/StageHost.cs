using System.Collections.Concurrent;
using ImageAspire.Core.Events;
using ImageAspire.Core.Pipeline;
using ImageAspire.Embedded.Blobs;
using ImageAspire.Embedded.Catalog;
using ImageAspire.Embedded.Operations;
using ImageAspire.Embedded.Scrub;
using ImageAspire.Embedded.Search;
using ImageAspire.Embedded.Sqlite;
using ImageAspire.Embedded.Topic;

namespace ImageAspire.Tests.Core;

/// <summary>Real catalog and blobs in a folder of their own; events are only collected.</summary>
internal sealed class StageHost : IAsyncDisposable
{
    private readonly TempFolder _folder = new();
    private readonly SqliteDatabase _database;
    private readonly SqliteDatabase _operations;
    private readonly Collector _collector = new();

    public StageHost()
    {
        var folder = _folder.Data;
        _database = MainDatabase.Open(folder);
        Catalog = new EmbeddedImageCatalog(_database, _collector);
        Blobs = new EmbeddedBlobStore(folder, TimeProvider.System);
        _operations = OperationsSchema.Open(folder);
        Findings = new EmbeddedScrubFindingStore(_operations);
        Receive = new ReceiveImage(Catalog, Blobs, Findings, TimeProvider.System);
    }

    public string Folder => _folder.Root;

    public EmbeddedImageCatalog Catalog { get; }

    public EmbeddedVectorIndex Vectors => new(_database);

    public EmbeddedBlobStore Blobs { get; }

    public EmbeddedScrubFindingStore Findings { get; }

    public ReceiveImage Receive { get; }

    public IReadOnlyList<ImageEvent> Events => [.. _collector.Events];

    public async Task<ReceivedImage> UploadAsync(byte[] file, string name = "a.jpg")
    {
        var staged = await Receive.StageAsync(new MemoryStream(file), name, 50 << 20, CancellationToken.None);
        return (await Receive.CommitAsync([staged], new Uploader("tester"), CancellationToken.None))[0];
    }

    public async Task<byte[]?> ReadAsync(string blob)
    {
        await using var stream = await Blobs.OpenAsync(blob, 0, null, CancellationToken.None);
        if (stream is null)
            return null;
        var copy = new MemoryStream();
        await stream.CopyToAsync(copy);
        return copy.ToArray();
    }

    public async Task<List<string>> BlobsInAsync(string folder)
    {
        var names = new List<string>();
        await foreach (var blob in Blobs.ListAsync(folder, CancellationToken.None))
            names.Add(blob.Name);
        return names;
    }

    /// <summary>Files that are neither database nor blob.</summary>
    public int StagedFiles() => Directory.GetFiles(Folder, "*", SearchOption.AllDirectories).Count(path => path.Contains(".staging"));

    public async ValueTask DisposeAsync()
    {
        await Blobs.DisposeAsync();
        await _database.DisposeAsync();
        await _operations.DisposeAsync();
        _folder.Dispose();
    }

    private sealed class Collector : IEventAppender
    {
        public ConcurrentQueue<ImageEvent> Events { get; } = new();

        public void Append(WriteScope scope, IReadOnlyList<ImageEvent> events)
        {
            foreach (var e in events)
                Events.Enqueue(e);
        }
    }
}
