using System.Collections.Concurrent;
using System.Diagnostics;
using ImageAspire.Core.Diagnostics;
using ImageAspire.ServiceDefaults;
using OpenTelemetry;
using OpenTelemetry.Trace;

namespace ImageAspire.Tests.Tracing;

/// <summary>
/// The spans that would be exported. Every test of the process writes into it, so that a test looks at one trace.
/// </summary>
internal sealed class SpanCollector : IDisposable
{
    private readonly ConcurrentQueue<Activity> _ended = new();
    private readonly TracerProvider _provider;

    public SpanCollector() => _provider = Sdk.CreateTracerProviderBuilder()
        .AddImageTraces().AddProcessor(new Queue(_ended)).Build();

    public IEnumerable<Activity> All => _ended;

    /// <summary>The spans of a trace so far, in order of start.</summary>
    public List<Activity> Of(string traceId) => [.. _ended.Where(span => span.TraceId.ToHexString() == traceId).OrderBy(span => span.StartTimeUtc)];

    /// <summary>A span that has a link to a trace; null while there is none.</summary>
    public Activity? LinkedTo(string traceId, ActivityKind? kind = null) =>
        _ended.FirstOrDefault(span => (kind is null || span.Kind == kind) && span.Links.Any(link => link.Context.TraceId.ToHexString() == traceId));

    public void Dispose() => _provider.Dispose();

    /// <summary>
    /// A trace as an indented text, which is easy to read and to compare: kind and name of each span below its parent. Siblings are in
    /// order of their names, because branches run at the same time; spans that are the same and have nothing below them are counted.
    /// </summary>
    public static string Tree(IReadOnlyList<Activity> spans)
    {
        var ids = spans.Select(span => span.SpanId).ToHashSet();
        return string.Join('\n', Group(spans.Where(span => !ids.Contains(span.ParentSpanId)), spans, 0));
    }

    private static IEnumerable<string> Group(IEnumerable<Activity> siblings, IReadOnlyList<Activity> all, int depth) => siblings
        .Select(span => string.Join('\n', [new string(' ', depth * 2) + Kind(span) + NameOf(span),
            .. Group(all.Where(one => one.ParentSpanId == span.SpanId), all, depth + 1)]))
        .GroupBy(text => text).OrderBy(group => group.Key, StringComparer.Ordinal)
        .Select(group => group.Count() == 1 ? group.Key : $"{group.Key} ×{group.Count()}");

    // Without the file's name, which the span of an upload ends with.
    private static string NameOf(Activity span) => span.GetTagItem(Spans.ImageName) is string file && span.DisplayName.EndsWith($" {file}", StringComparison.Ordinal)
        ? span.DisplayName[..^(file.Length + 1)] : span.DisplayName;

    private static string Kind(Activity span) => span.Kind switch { ActivityKind.Internal => "", var kind => kind.ToString().ToLowerInvariant() + " " };

    private sealed class Queue(ConcurrentQueue<Activity> ended) : BaseProcessor<Activity>
    {
        public override void OnEnd(Activity data)
        {
            if (data.Recorded) // as exporters do
                ended.Enqueue(data);
        }
    }
}
