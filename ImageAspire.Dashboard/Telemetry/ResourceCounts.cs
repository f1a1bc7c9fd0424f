using System.Runtime.InteropServices;

namespace ImageAspire.Dashboard.Telemetry;

/// <summary>How much of each resource a store keeps; guarded by the store's lock.</summary>
internal sealed class ResourceCounts
{
    private readonly Dictionary<TelemetryResource, int> _counts = [];

    public void Add(TelemetryResource resource, int count)
    {
        ref var now = ref CollectionsMarshal.GetValueRefOrAddDefault(_counts, resource, out _);
        now += count;
        if (now <= 0)
            _counts.Remove(resource);
    }

    public IReadOnlyList<TelemetryResource> Resources() => [.. _counts.Keys];
}
