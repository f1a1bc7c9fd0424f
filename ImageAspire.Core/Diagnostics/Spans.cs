using System.Diagnostics;
using ImageAspire.Core.Errors;
using ImageAspire.Core.Images;

namespace ImageAspire.Core.Diagnostics;

/// <summary>
/// Attributes of spans and of the scopes of log lines that OpenTelemetry's conventions have no name for, and how spans are filled.
/// Names are part of the contract with operators: <c>docs/architecture.md</c> lists the spans that carry them.
/// </summary>
public static class Spans
{
    /// <summary>Id of the image, lower case, no braces; on every span and log line that is about one image.</summary>
    public const string ImageId = "imageaspire.image.id";

    /// <summary>Name of the file of an upload, of its first one; at most <see cref="MaxImageName"/> characters of what the client called it.</summary>
    public const string ImageName = "imageaspire.image.name";

    /// <summary>Longest <see cref="ImageName"/>.</summary>
    public const int MaxImageName = 60;

    /// <summary>Status of the record after a commit: <c>received</c>, <c>inspected</c>, <c>analyzed</c>, <c>rejected</c>, <c>failed</c>.</summary>
    public const string ImageStatus = "imageaspire.image.status";

    /// <summary>Size of the original in bytes.</summary>
    public const string ImageBytes = "imageaspire.image.bytes";

    /// <summary>True when an upload found its bytes already there.</summary>
    public const string Duplicate = "imageaspire.image.duplicate";

    /// <summary>Type of an event: <c>image.received</c>.</summary>
    public const string EventType = "imageaspire.event.type";

    /// <summary>Which delivery of the message this is, from 1; more than 1 after a retry or the death of a worker.</summary>
    public const string DeliveryCount = "imageaspire.delivery_count";

    /// <summary>The outcome of a message in a stage: <c>done</c>, <c>retry</c>, <c>waiting</c>, <c>interrupted</c>, <c>failed</c>.</summary>
    public const string Outcome = "imageaspire.outcome";

    /// <summary>Why an attempt, or a call of a dependency, failed: one of <see cref="FaultCauses"/>.</summary>
    public const string FaultCause = "imageaspire.fault.cause";

    /// <summary>Which dependency it failed because of.</summary>
    public const string FaultDependency = "imageaspire.fault.dependency";

    /// <summary>Name of a blob.</summary>
    public const string BlobName = "imageaspire.blob.name";

    /// <summary>Whether a span started now would belong to a recorded trace. Costs next to nothing when it would not.</summary>
    public static bool Wanted => Telemetry.Source.HasListeners() && Activity.Current is not null;

    /// <summary>Says which image a span is about; nothing for null.</summary>
    public static Activity? About(this Activity? span, Guid? image) => image is { } id ? span?.SetTag(ImageId, id.ToString("D")) : span;

    /// <summary>Status Error, <c>error.type</c>, the cause, and the exception as an event. A call that was cancelled has no cause of its own.</summary>
    /// <param name="span">The span; null when no trace is recorded.</param>
    /// <param name="error">What went wrong.</param>
    /// <param name="text">For people; null for the exception's own message.</param>
    public static void Fail(this Activity? span, Exception error, string? text = null)
    {
        if (span is not { IsAllDataRequested: true })
            return;
        span.SetStatus(ActivityStatusCode.Error, text ?? error.Message);
        span.SetTag("error.type", error.GetType().FullName);
        span.AddException(error);
        if (error is not OperationCanceledException)
            span.Because(Fault.Of(error));
    }

    /// <summary>Says why the work of a span failed.</summary>
    public static void Because(this Activity? span, Fault fault)
    {
        ArgumentNullException.ThrowIfNull(fault);
        span?.SetTag(FaultCause, fault.Cause);
        span?.SetTag(FaultDependency, fault.Dependency);
    }

    /// <summary>Links the request or message that is at work now to the image's first trace, unless it is that trace.</summary>
    /// <param name="span">A span of the work.</param>
    /// <param name="image">The record as it was.</param>
    public static void LinkTo(this Activity? span, ImageRecord image)
    {
        if (span is not { IsAllDataRequested: true } || image.TraceId is not { Length: 32 } first || !first.All(char.IsAsciiHexDigitLower)
            || first == span.TraceId.ToHexString())
        {
            return;
        }

        // The record knows the trace and not a span in it; the specification allows that when the link has attributes.
        var context = new ActivityContext(ActivityTraceId.CreateFromString(first), default, ActivityTraceFlags.None);
        Top(span).AddLink(new ActivityLink(context, new ActivityTagsCollection { [ImageId] = image.Id.ToString("D") }));
    }

    /// <summary>Writes the name of an upload's file on the span that everything in this process belongs to: the request's.</summary>
    public static void Name(this Activity span, string image)
    {
        ArgumentNullException.ThrowIfNull(image);
        var top = Top(span);
        if (top.GetTagItem(ImageName) is null)
            top.SetTag(ImageName, image.Length <= MaxImageName ? image : $"{image.AsSpan(0, char.IsHighSurrogate(image[MaxImageName - 2]) ? MaxImageName - 2 : MaxImageName - 1)}…");
    }

    /// <summary>The span of this process that everything around this one belongs to: a request or a message.</summary>
    public static Activity Top(this Activity span)
    {
        while (span.Parent is { } parent)
            span = parent;
        return span;
    }
}
