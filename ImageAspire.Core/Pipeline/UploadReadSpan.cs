using System.Diagnostics;
using ImageAspire.Core.Diagnostics;

namespace ImageAspire.Core.Pipeline;

/// <summary>
/// The time in which a client sent a file, as a span that is written when the image has an id: a slow client must not look like a slow
/// service. Files that are refused have none; the request's own span tells of them.
/// </summary>
internal sealed record UploadReadSpan(ActivityContext Request, DateTimeOffset Began, DateTimeOffset Ended)
{
    private const string SpanName = "read upload";

    public static UploadReadSpan? Begin(TimeProvider time) =>
        Spans.Wanted ? new UploadReadSpan(Activity.Current!.Context, time.GetUtcNow(), default) : null;

    public UploadReadSpan End(TimeProvider time) => this with { Ended = time.GetUtcNow() };

    public void Tell(Guid image, long bytes)
    {
        var around = Activity.Current;
        using (var span = Telemetry.Source.StartActivity(SpanName, ActivityKind.Internal, Request, startTime: Began))
        {
            span.About(image)?.SetTag(Spans.ImageBytes, bytes).SetEndTime(Ended.UtcDateTime);
        }

        Activity.Current = around;
    }
}
