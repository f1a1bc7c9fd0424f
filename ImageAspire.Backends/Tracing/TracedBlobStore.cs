using System.Diagnostics;
using ImageAspire.Core.Diagnostics;
using ImageAspire.Core.Images;
using ImageAspire.Core.Ports;

namespace ImageAspire.Backends.Tracing;

/// <summary>The blob store with a span for every call on a blob. The blob's name gives the image.</summary>
internal sealed class TracedBlobStore(IBlobStore inner) : IBlobStore
{
    public async Task<IStagedBlob> StageAsync(CancellationToken cancellationToken)
    {
        var staged = await inner.StageAsync(cancellationToken);
        return Spans.Wanted ? new TracedStagedBlob(staged) : staged;
    }

    public Task<Stream?> OpenAsync(string name, long offset, long? length, CancellationToken cancellationToken) => !Spans.Wanted
        ? inner.OpenAsync(name, offset, length, cancellationToken)
        : RunAsync("open blob", name, () => inner.OpenAsync(name, offset, length, cancellationToken));

    public Task<BlobInfo?> StatAsync(string name, CancellationToken cancellationToken) => !Spans.Wanted
        ? inner.StatAsync(name, cancellationToken)
        : RunAsync("stat blob", name, () => inner.StatAsync(name, cancellationToken));

    public Task<bool> DeleteAsync(string name, CancellationToken cancellationToken) => !Spans.Wanted
        ? inner.DeleteAsync(name, cancellationToken)
        : RunAsync("delete blob", name, () => inner.DeleteAsync(name, cancellationToken));

    public IAsyncEnumerable<BlobInfo> ListAsync(string folder, CancellationToken cancellationToken) => inner.ListAsync(folder, cancellationToken);

    private static Task<T> RunAsync<T>(string operation, string name, Func<Task<T>> work) => PortSpans.RunAsync(operation, ActivityKind.Internal, span =>
    {
        span.About(BlobNames.ImageOf(name))?.SetTag(Spans.BlobName, name);
        return work();
    });

    private sealed class TracedStagedBlob(IStagedBlob inner) : IStagedBlob
    {
        public Stream Content => inner.Content;

        public Task<bool> CommitAsync(string name, string contentType, CancellationToken cancellationToken) =>
            RunAsync("write blob", name, () => inner.CommitAsync(name, contentType, cancellationToken));

        public Task ReplaceAsync(string name, string contentType, CancellationToken cancellationToken) => RunAsync("write blob", name, async () =>
        {
            await inner.ReplaceAsync(name, contentType, cancellationToken);
            return true;
        });

        public ValueTask DisposeAsync() => inner.DisposeAsync();
    }
}
