using System.Diagnostics;

namespace ImageAspire.Core.Pipeline;

/// <summary>
/// The time in which a client sent a file, as a span that is written when the image has an id: a slow client must not look like a slow
/// service. Files that are refused have none; the request's own span tells of them.
/// </summary>
internal sealed record UploadReading(ActivityContext Request, DateTimeOffset Began, DateTimeOffset Ended)
{
    private const string SpanName = "read upload";

    public static UploadReading? Begin(TimeProvider time) =>
        Spans.Wanted ? new UploadReading(Activity.Current!.Context, time.GetUtcNow(), default) : null;

    public UploadReading End(TimeProvider time) => this with { Ended = time.GetUtcNow() };

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
