namespace ImageAspire.Dashboard.Telemetry;

/// <summary>An instrument in the store, with its series; guarded by the store's lock.</summary>
/// <param name="instrument">What it is.</param>
internal sealed class InstrumentEntry(Instrument instrument)
{
    /// <summary>What it is, as it was said last.</summary>
    public Instrument Instrument { get; set; } = instrument;

    public Dictionary<TelemetryAttribute[], SeriesEntry> Series { get; } = new(AttributeSets.Comparer);
}

/// <summary>What tells instruments apart.</summary>
/// <param name="Resource">Who sends it.</param>
/// <param name="Meter">Name of its meter.</param>
/// <param name="Name">Its name.</param>
internal readonly record struct InstrumentKey(TelemetryResource Resource, string Meter, string Name);

/// <summary>Attributes as the identity of a series: in order of key.</summary>
internal static class AttributeSets
{
    public static IEqualityComparer<TelemetryAttribute[]> Comparer { get; } = EqualityComparer<TelemetryAttribute[]>.Create(
        (a, b) => a.AsSpan().SequenceEqual(b), set =>
        {
            var hash = default(HashCode);
            foreach (var attribute in set)
            {
                hash.Add(attribute.Key, StringComparer.Ordinal);
                hash.Add(attribute.Value, StringComparer.Ordinal);
            }

            return hash.ToHashCode();
        });

    /// <summary>The same in order of key; the array itself when it is in order.</summary>
    public static TelemetryAttribute[] Sorted(IReadOnlyList<TelemetryAttribute> attributes)
    {
        var set = attributes as TelemetryAttribute[] ?? [.. attributes];
        for (var i = 1; i < set.Length; i++)
        {
            if (string.CompareOrdinal(set[i - 1].Key, set[i].Key) > 0)
                return [.. set.OrderBy(one => one.Key, StringComparer.Ordinal)];
        }

        return set;
    }
}
