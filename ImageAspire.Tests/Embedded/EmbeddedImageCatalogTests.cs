using ImageAspire.Core.Events;
using ImageAspire.Core.Ports;
using ImageAspire.Embedded.Catalog;
using ImageAspire.Embedded.Database;
using ImageAspire.Embedded.Events;
using ImageAspire.Tests.Contracts;

namespace ImageAspire.Tests.Embedded;

public sealed class EmbeddedImageCatalogTests : ImageCatalogContract, IAsyncLifetime, IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly List<SqliteDatabase> _databases = [];
    private readonly Recorder _recorder = new();

    protected override IImageCatalog Open()
    {
        _databases.Add(MainDatabase.Open(_folder.Options));
        return new EmbeddedImageCatalog(_databases[^1], _recorder);
    }

    protected override Task<IReadOnlyList<ImageEvent>> PublishedAsync()
    {
        lock (_recorder)
            return Task.FromResult<IReadOnlyList<ImageEvent>>([.. _recorder.Events]);
    }

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        foreach (var database in _databases)
            await database.DisposeAsync();
    }

    public void Dispose() => _folder.Dispose();

    private sealed class Recorder : IEventAppender
    {
        public List<ImageEvent> Events { get; } = [];

        public void Append(WriteScope scope, IReadOnlyList<ImageEvent> events)
        {
            lock (this)
                Events.AddRange(events);
        }
    }
}
