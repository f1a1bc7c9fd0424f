using ImageAspire.Core.Access;
using ImageAspire.Core.Pipeline;

namespace ImageAspire.Api.Access;

/// <summary>Names that records and the audit log use for parts of the service: a key of that name could impersonate them.</summary>
internal static class ReservedNames
{
    private static readonly HashSet<string> All = [.. new[]
    {
        "gallery", AccessEvent.Anonymous, "system", "several", "sweeper", nameof(ReceiveImage),
    }.Concat(StageCatalog.All.Select(stage => stage.Name)).Select(ApiKey.NameKey)];

    public static bool Contains(string name) => All.Contains(ApiKey.NameKey(name));
}
