using ImageAspire.Core.Events;
using ImageAspire.Core.Images;
using ImageAspire.Core.Lifecycle;
using ImageAspire.Core.Pipeline;
using ImageAspire.Core.Ports;
using ImageAspire.Core.Reprocessing;

namespace ImageAspire.Tests.Core;

public sealed class ReprocessingRulesTests
{
    private static readonly ThumbnailInfo Thumbnail = new(256, 256, 192, "image/webp", 1000);

    [Theory]
    [InlineData("inspect-image", "missing", "received", null)] // its message is still there
    [InlineData("inspect-image", "missing", "failed-inspection", ImageEventTypes.Received)]
    [InlineData("inspect-image", "missing", "failed-analysis", null)]
    [InlineData("inspect-image", "missing", "no-thumbnails", ImageEventTypes.Received)]
    [InlineData("inspect-image", "missing", "analyzed", null)]
    [InlineData("inspect-image", "all", "analyzed", ImageEventTypes.Received)]
    [InlineData("inspect-image", "all", "inspected", ImageEventTypes.Received)]
    [InlineData("inspect-image", "all", "failed-analysis", ImageEventTypes.Received)]
    [InlineData("inspect-image", "all", "rejected", null)]
    [InlineData("analyze-image", "missing", "inspected", null)] // its message is still there
    [InlineData("analyze-image", "missing", "failed-analysis", ImageEventTypes.Inspected)]
    [InlineData("analyze-image", "missing", "failed-inspection", null)]
    [InlineData("analyze-image", "missing", "analyzed", null)]
    [InlineData("analyze-image", "missing", "analyzed-without-vectors", ImageEventTypes.Inspected)]
    [InlineData("analyze-image", "missing", "measured-only", null)] // no vision service, no vectors
    [InlineData("analyze-image", "missing", "received", null)]
    [InlineData("analyze-image", "all", "analyzed", ImageEventTypes.Inspected)]
    [InlineData("analyze-image", "all", "failed-analysis", ImageEventTypes.Inspected)]
    [InlineData("analyze-image", "all", "received", null)]
    [InlineData("analyze-image", "all", "rejected", null)]
    public void Decide_AnImage_IsRepeatedOrSkipped(string stage, string kind, string image, string? expected) =>
        (ReprocessingRules.Decide(Run(stage, kind), Image(image), Samples.Traced)?.Event.Type).ShouldBe(expected, image);

    [Theory]
    [InlineData("inspect-image", "received", ImageEventTypes.Received)]
    [InlineData("analyze-image", "inspected", ImageEventTypes.Inspected)]
    public void Decide_WaitingAndStranded_IsAnnouncedAsItIs(string stage, string image, string type)
    {
        var record = Image(image);
        var transition = ReprocessingRules.Decide(Run(stage, "missing") with { Stranded = true }, record, Samples.Traced).ShouldNotBeNull();
        (transition.Event.Type, transition.After!.Status, transition.After.Version).ShouldBe((type, record.Status, record.Version + 1));
    }

    [Theory]
    [InlineData("inspect-image")]
    [InlineData("analyze-image")]
    public void Decide_AnalyzedSinceTheRunBegan_IsNotSentTwice(string stage) => ReprocessingRules.Decide(
        Run(stage, "all") with { StartedAt = Samples.Noon }, Image("analyzed"), Samples.Traced).ShouldBeNull();

    [Fact]
    public void Passes_EveryRun_TakesTheWaitingFirstAndNeverTheRejected()
    {
        foreach (var (stage, waiting) in new[] { ("inspect-image", ImageStatus.Received), ("analyze-image", ImageStatus.Inspected) })
        {
            foreach (var kind in new[] { "missing", "all" })
            {
                var passes = ReprocessingRules.Passes(Run(stage, kind));
                passes[0].ShouldBe(waiting);
                passes.ShouldBeUnique();
                passes.ShouldNotContain(ImageStatus.Rejected);
            }
        }
    }

    private static ReprocessingJob Run(string stage, string kind) => new()
    {
        Stage = stage, Version = 1, Scope = kind == "all" ? ReprocessingScope.All : ReprocessingScope.Missing, State = ReprocessingState.Running,
        StartedBy = "operator", StartedAt = Samples.Noon.AddHours(1), UpdatedAt = Samples.Noon.AddHours(1),
    };

    private static ImageRecord Image(string what)
    {
        var inspected = Samples.In(ImageStatus.Inspected) with { Thumbnails = [Thumbnail] };
        return what switch
        {
            "received" => Samples.Received(),
            "inspected" => inspected,
            "analyzed" => Samples.In(ImageStatus.Analyzed) with { Thumbnails = [Thumbnail] },
            "analyzed-without-vectors" => Image("analyzed") with { Analysis = Samples.Analysis with { VectorModels = null } },
            "measured-only" => Image("analyzed") with { Analysis = Samples.Analysis with { VectorModels = null, Provider = ImageAnalysis.BuiltIn } },
            "no-thumbnails" => Samples.In(ImageStatus.Analyzed),
            "rejected" => Samples.In(ImageStatus.Rejected),
            "failed-inspection" => Samples.In(ImageStatus.Failed),
            _ => ImageLifecycle.Fail(inspected, Samples.Why with { Stage = nameof(AnalyzeImage) }, Samples.Traced).After!,
        };
    }
}
