using ImageAspire.Core.Failpoints;
using ImageAspire.Core.Pipeline;

namespace ImageAspire.Tests.Faults.Crashes;

/// <summary>The failpoints of the Worker, those of each stage among them.</summary>
internal static class CrashPoints
{
    public static IReadOnlyList<string> Worker { get; } =
    [
        .. StageCatalog.All.SelectMany(stage => (string[])[FailpointNames.StageBegun(stage.Subscription), FailpointNames.StageDone(stage.Subscription)]),
        .. FailpointNames.Worker,
    ];
}
