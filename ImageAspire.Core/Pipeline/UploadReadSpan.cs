using System.Diagnostics;
using ImageAspire.Core.Diagnostics;

namespace ImageAspire.Core.Pipeline;

/// <summary>
/// The time in which a client sent a file, as a span that is written once the image has an id: a slow client must not look like a slow
/// service. Refused files have none; the request's own span shows them.
/// </summary>
internal sealed record UploadReadSpan(ActivityContext Request, DateTimeOffset Began, DateTimeOffset Ended)
{
    private const string SpanName = "read upload";

    /// <summary>Starts the clock; null when no trace is recorded.</summary>
    public static UploadReadSpan? Begin(TimeProvider time) =>
        Spans.Wanted ? new UploadReadSpan(Activity.Current!.Context, time.GetUtcNow(), default) : null;

    /// <summary>Stops the clock.</summary>
    public UploadReadSpan End(TimeProvider time) => this with { Ended = time.GetUtcNow() };

    /// <summary>Writes the span.</summary>
    public void Write(Guid image, long bytes)
    {
        var current = Activity.Current;
        using (var span = Telemetry.Source.StartActivity(SpanName, ActivityKind.Internal, Request, startTime: Began))
        {
            span.About(image)?.SetTag(Spans.ImageBytes, bytes).SetEndTime(Ended.UtcDateTime);
        }

        Activity.Current = current;
    }
}
