using ImageAspire.Core.Events;
using ImageAspire.Core.Heartbeats;
using ImageAspire.Core.Images;
using ImageAspire.Core.Lifecycle;
using ImageAspire.Core.Ports;
using ImageAspire.Core.Webhooks;

namespace ImageAspire.Core.Pipeline;

/// <summary>
/// Every stage that the Worker runs, along the path of an image. The Worker, the topology, AppHost, the operations pages and reprocessing
/// read it: a new stage is one class, one entry here and one test.
/// </summary>
public static class StageCatalog
{
    /// <summary>Decodes and measures what was received.</summary>
    public static readonly StageDefinition InspectImage = StageDefinition.Of<InspectImage>("inspect-image", "decodes, measures, makes thumbnails") with
    {
        EventTypes = [ImageEventTypes.Received],
        Needs = [DependencyNames.Topic, DependencyNames.Documents, DependencyNames.Blobs],
        Reprocessing = new ReprocessingDefinition(
            ImageStatus.Received, Missing: [ImageStatus.Failed, ImageStatus.Inspected, ImageStatus.Analyzed],
            All: [ImageStatus.Failed, ImageStatus.Inspected, ImageStatus.Analyzed],
            // Also an image that was inspected where nothing could decode it.
            LacksResult: record => record.Width is null || record.Thumbnails.Count == 0 || record.Failure is { Stage: StageNames.InspectImage },
            Repeat: ImageLifecycle.InspectAgain),
    };

    /// <summary>Asks the vision service about what was inspected.</summary>
    public static readonly StageDefinition AnalyzeImage = StageDefinition.Of<AnalyzeImage>("analyze-image", "asks what is in the image") with
    {
        EventTypes = [ImageEventTypes.Inspected],
        Needs = [DependencyNames.Topic, DependencyNames.Documents, DependencyNames.Blobs, DependencyNames.Vision],
        Reprocessing = new ReprocessingDefinition(
            ImageStatus.Inspected, Missing: [ImageStatus.Failed, ImageStatus.Analyzed], All: [ImageStatus.Failed, ImageStatus.Analyzed],
            // Also an image that a vision service analyzed before there were vectors, or whose vectors failed.
            LacksResult: record => record is { Status: ImageStatus.Failed, Failure.Stage: StageNames.AnalyzeImage }
                or { Status: ImageStatus.Analyzed, Analysis: { VectorModels: null, Provider: not ImageAnalysis.BuiltIn } },
            Repeat: ImageLifecycle.AnalyzeAgain),
    };

    /// <summary>All stages.</summary>
    public static readonly IReadOnlyList<StageDefinition> All =
    [
        InspectImage,
        AnalyzeImage,
        StageDefinition.Of<RecordAudit>("record-audit", "keeps the audit log"),
        StageDefinition.Of<UpdateReports>("update-reports", "keeps the figures"),
        StageDefinition.Of<NotifySubscribers>("notify-subscribers", "notifies webhooks") with { EventTypes = Webhook.ImageTypes },
    ];

    /// <summary>The topic's durable subscriptions, one for each stage. They exist before the first event does, whether or not a worker runs.</summary>
    public static readonly IReadOnlyList<SubscriptionOptions> Subscriptions =
        [.. All.Select(stage => new SubscriptionOptions(stage.Subscription) { Types = stage.EventTypes })];

    /// <summary>The stages whose work can be done again for many images.</summary>
    public static readonly IReadOnlyList<StageDefinition> Reprocessable = [.. All.Where(stage => stage.Reprocessing is not null)];
}
