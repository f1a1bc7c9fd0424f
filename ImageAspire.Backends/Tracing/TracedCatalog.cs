using System.Diagnostics;
using ImageAspire.Core.Diagnostics;
using ImageAspire.Core.Events;
using ImageAspire.Core.Images;
using ImageAspire.Core.Lifecycle;
using ImageAspire.Core.Ports;

namespace ImageAspire.Backends.Tracing;

/// <summary>The catalog with a span for every call (OpenTelemetry's database conventions) and one for every event of a commit.</summary>
internal sealed class TracedCatalog(IImageCatalog inner, DocumentSystem system) : IImageCatalog
{
    private const string Collection = "images";
    private readonly EventSpans _events = new(system.Announce);

    public Task<ImageRecord?> GetWithTrashAsync(Guid id, CancellationToken cancellationToken) => !Spans.Wanted ? inner.GetWithTrashAsync(id, cancellationToken)
        : RunAsync("get", span =>
        {
            span.About(id);
            return inner.GetWithTrashAsync(id, cancellationToken);
        });

    public Task<ImageRecord?> FindAsync(string sha256, CancellationToken cancellationToken) => !Spans.Wanted ? inner.FindAsync(sha256, cancellationToken)
        : RunAsync("find", async span =>
        {
            var found = await inner.FindAsync(sha256, cancellationToken);
            span.About(found?.Id);
            return found;
        });

    public Task<IReadOnlyList<CommitResult>> CommitAsync(IReadOnlyList<Transition> transitions, CancellationToken cancellationToken) =>
        !Spans.Wanted ? inner.CommitAsync(transitions, cancellationToken) : RunAsync("commit", span => CommitAsync(span, transitions, cancellationToken));

    public Task<ImagePage> QueryAsync(ImageQuery query, CancellationToken cancellationToken) => !Spans.Wanted ? inner.QueryAsync(query, cancellationToken)
        : RunAsync("query", async span =>
        {
            var page = await inner.QueryAsync(query, cancellationToken);
            span?.SetTag("db.response.returned_rows", page.Items.Count);
            return page;
        });

    public Task<IReadOnlyList<FacetCount>> CountAsync(Facet facet, int limit, CancellationToken cancellationToken) =>
        !Spans.Wanted ? inner.CountAsync(facet, limit, cancellationToken) : RunAsync("count", _ => inner.CountAsync(facet, limit, cancellationToken));

    private Task<T> RunAsync<T>(string operation, Func<Activity?, Task<T>> work) => PortSpans.RunAsync($"{operation} {Collection}", system.Kind, span =>
    {
        span?.SetTag("db.system.name", system.Name).SetTag("db.operation.name", operation).SetTag("db.collection.name", Collection);
        return work(span);
    });

    private async Task<IReadOnlyList<CommitResult>> CommitAsync(Activity? span, IReadOnlyList<Transition> transitions, CancellationToken cancellationToken)
    {
        Describe(span, transitions);
        var spans = transitions.Select(_ => new List<Activity?>()).ToList();
        try
        {
            var results = await inner.CommitAsync([.. transitions.Select((transition, i) => Start(transition, spans[i]))], cancellationToken);
            for (var i = 0; i < results.Count; i++)
            {
                if (results[i] != CommitResult.Applied)
                    spans[i].ForEach(EventSpans.Drop);
            }

            if (results is [var result])
                span?.SetTag("imageaspire.commit.result", result.ToString().ToLowerInvariant());
            return results;
        }
        catch
        {
            foreach (var one in spans.SelectMany(one => one))
                EventSpans.Drop(one); // nothing was written, so nothing was published
            throw;
        }
        finally
        {
            foreach (var one in spans.SelectMany(one => one))
                one?.Dispose();
        }
    }

    // The transition with events that have the context of their spans.
    private Transition Start(Transition transition, List<Activity?> spans)
    {
        return transition with { Event = Start(transition.Event), SecondEvent = transition.SecondEvent is { } second ? Start(second) : null };

        ImageEvent Start(ImageEvent e)
        {
            var (span, traced) = _events.Start(e);
            spans.Add(span);
            return traced;
        }
    }

    private static void Describe(Activity? span, IReadOnlyList<Transition> transitions)
    {
        if (span is not { IsAllDataRequested: true })
            return;
        foreach (var before in transitions.Select(transition => transition.Before).OfType<ImageRecord>())
            span.LinkTo(before);
        if (transitions is [var transition])
            span.About(transition.Event.ImageId)?.SetTag(Spans.ImageStatus, transition.Event.Data.Status.ToString().ToLowerInvariant());
        else
            span.SetTag("db.operation.batch.size", transitions.Count);
    }
}
