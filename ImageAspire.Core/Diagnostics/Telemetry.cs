using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace ImageAspire.Core.Diagnostics;

/// <summary>Spans and metrics of the product. Names are part of the contract with operators.</summary>
public static class Telemetry
{
    /// <summary>Name of the ActivitySource and of the Meter.</summary>
    public const string Name = "ImageAspire";

    /// <summary>
    /// Gauge: messages by <c>subscription</c> and <c>state</c> (active, in_flight, scheduled, dead_lettered). Every worker reports the
    /// same counts of the one topic: take the maximum over workers, not the sum.
    /// </summary>
    public const string SubscriptionDepth = "imageaspire.subscription.depth";

    /// <summary>Gauge: originals that are damaged in the blob store. Only the worker that runs the scrub reports it.</summary>
    public const string ScrubDamaged = "imageaspire.scrub.damaged";

    /// <summary>Gauge: open alarms, by <c>code</c> and <c>name</c>. Every Api reports the same ones: take the maximum over Apis, not the sum.</summary>
    public const string Alarms = "imageaspire.alarms";

    /// <summary>Spans; named after the stages.</summary>
    public static readonly ActivitySource Source = new(Name);

    private static readonly Meter Meter = new(Name);

    // In seconds. Without these the SDK's buckets are 5, 10, 25 …: everything that is fast would be in the first.
    private static readonly InstrumentAdvice<double> Seconds = new()
    {
        HistogramBucketBoundaries = [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300],
    };

    /// <summary>Images accepted, without duplicates.</summary>
    public static readonly Counter<long> ImagesReceived = Meter.CreateCounter<long>("imageaspire.images.received", "{image}", "Images accepted, without duplicates.");

    /// <summary>Their bytes.</summary>
    public static readonly Counter<long> BytesReceived = Meter.CreateCounter<long>("imageaspire.bytes.received", "By", "Bytes of the images accepted.");

    /// <summary>Seconds a stage took, by <c>stage</c> and <c>outcome</c> (done, retry, waiting, interrupted, failed).</summary>
    public static readonly Histogram<double> StageDuration = Meter.CreateHistogram("imageaspire.stage.duration", "s", "How long a stage took.", null, Seconds);

    /// <summary>Seconds from upload to analyzed.</summary>
    public static readonly Histogram<double> TimeToAnalyzed = Meter.CreateHistogram("imageaspire.images.time_to_analyzed", "s", "From upload to analyzed.", null, Seconds);

    /// <summary>Messages that were dead-lettered, by <c>stage</c> and <c>reason</c>.</summary>
    public static readonly Counter<long> DeadLetters = Meter.CreateCounter<long>("imageaspire.dead_letters", "{message}", "Messages that were dead-lettered.");

    /// <summary>Attempts of stages that failed, by <c>stage</c>, <c>cause</c> and, where there is one, <c>dependency</c>.</summary>
    public static readonly Counter<long> StageFaults = Meter.CreateCounter<long>("imageaspire.stage.faults", "{attempt}", "Attempts of stages that failed, by their cause.");

    /// <summary>Attempts to deliver to a webhook, by <c>outcome</c> (delivered, retry, failed).</summary>
    public static readonly Counter<long> WebhookAttempts = Meter.CreateCounter<long>("imageaspire.webhooks.attempts", "{attempt}", "Attempts to deliver to a webhook.");

    /// <summary>Child processes started to decode images.</summary>
    public static readonly Counter<long> DecoderStarts = Meter.CreateCounter<long>("imageaspire.decoder.starts", "{process}", "Child processes started to decode images.");

    /// <summary>Decoders that ended on an image, by <c>reason</c> (crash, time, memory, nonsense).</summary>
    public static readonly Counter<long> DecoderDeaths = Meter.CreateCounter<long>("imageaspire.decoder.deaths", "{process}", "Decoders that ended on an image.");

    /// <summary>Bytes of originals that the scrub has read.</summary>
    public static readonly Counter<long> ScrubBytes = Meter.CreateCounter<long>("imageaspire.scrub.bytes", "By", "Bytes of originals that the scrub has read.");

    /// <summary>Resumable uploads, by <c>outcome</c> (created, completed, refused, terminated).</summary>
    public static readonly Counter<long> ResumableUploads = Meter.CreateCounter<long>("imageaspire.uploads.resumable", "{upload}", "Resumable uploads begun and ended.");
}
