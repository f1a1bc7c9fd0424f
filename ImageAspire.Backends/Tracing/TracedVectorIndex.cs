using System.Diagnostics;
using ImageAspire.Core.Diagnostics;
using ImageAspire.Core.Ports;
using ImageAspire.Core.Vectors;

namespace ImageAspire.Backends.Tracing;

/// <summary>The vector index with a span for every call (OpenTelemetry's database conventions).</summary>
internal sealed class TracedVectorIndex(IVectorIndex inner, DocumentSystem system) : IVectorIndex
{
    public Task<IReadOnlyList<ImageVector>> GetAsync(Guid image, CancellationToken cancellationToken) => !Spans.Wanted ? inner.GetAsync(image, cancellationToken)
        : RunAsync("get", span =>
        {
            span.About(image);
            return inner.GetAsync(image, cancellationToken);
        });

    public Task<IReadOnlyList<ScoredImage>> FindAsync(VectorQuery query, CancellationToken cancellationToken) => !Spans.Wanted ? inner.FindAsync(query, cancellationToken)
        : RunAsync("find", async span =>
        {
            var found = await inner.FindAsync(query, cancellationToken);
            span?.SetTag("db.response.returned_rows", found.Count);
            return found;
        });

    private Task<T> RunAsync<T>(string operation, Func<Activity?, Task<T>> work) => PortSpans.RunAsync($"{operation} vectors", system.Kind, span =>
    {
        span?.SetTag("db.system.name", system.Name).SetTag("db.operation.name", operation).SetTag("db.collection.name", "vectors");
        return work(span);
    });
}
