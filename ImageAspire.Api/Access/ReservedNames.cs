using ImageAspire.Core.Access;
using ImageAspire.Core.Pipeline;

namespace ImageAspire.Api.Access;

/// <summary>Names that stand for somebody else in records and in the audit log: a key of that name would pass for them.</summary>
internal static class ReservedNames
{
    private static readonly HashSet<string> All = [.. new[]
    {
        Sessions.Gallery, AccessEvent.Anonymous, "system", "several", "sweeper", nameof(ReceiveImage), nameof(InspectImage), nameof(AnalyzeImage),
        nameof(NotifySubscribers), nameof(RecordAudit), nameof(UpdateReports),
    }.Select(ApiKey.NameKey)];

    public static bool Contains(string name) => All.Contains(ApiKey.NameKey(name));
}
