using ImageAspire.Dashboard.Components.Text;
using ImageAspire.Dashboard.Telemetry;

namespace ImageAspire.Dashboard.Components.Metrics;

/// <summary>What the address of the metrics page asks for.</summary>
/// <param name="Minutes">How many minutes.</param>
/// <param name="Table">Whether the points are listed instead of drawn.</param>
/// <param name="Total">Counters: the total instead of the growth per second.</param>
/// <param name="By">Key of the attribute whose values are shown apart, <see cref="Dimensions.Each"/> for all of them, null for none.</param>
/// <param name="Percentile">Histograms whose values are shown apart: the one percentile that is shown, 50, 90 or 99.</param>
/// <param name="Chosen">The values that were chosen, by key; a key that is not there has no filter.</param>
public sealed record MetricQuery(int Minutes, bool Table, bool Total, string? By, int Percentile, IReadOnlyDictionary<string, HashSet<string>> Chosen)
{
    /// <summary>What the names of filters begin with in an address; the key of the attribute follows.</summary>
    public const string FilterPrefix = "a.";

    // A chosen value that is empty text cannot be told from a filter that was left empty: it has a word of its own.
    private const string None = "(none)";

    /// <summary>The value of a filter for an attribute's value.</summary>
    public static string FilterValue(string value) => value.Length == 0 ? None : value;

    /// <summary>Reads the address.</summary>
    public static MetricQuery Of(PageAddress address, InstrumentKind kind)
    {
        var chosen = new Dictionary<string, HashSet<string>>(StringComparer.Ordinal);
        foreach (var (name, value) in address.Query)
        {
            if (!name.StartsWith(FilterPrefix, StringComparison.Ordinal))
                continue;
            var key = name[FilterPrefix.Length..];
            if (!chosen.TryGetValue(key, out var values))
                chosen[key] = values = new HashSet<string>(StringComparer.Ordinal);
            values.Add(value == None ? "" : value);
        }

        return new MetricQuery(
            ChartWindow.Minutes(address["duration"]),
            address["view"] == "table",
            address["values"] == "total",
            // Adding gauges up means nothing: each is a line.
            kind == InstrumentKind.Gauge ? Dimensions.Each : address["by"],
            address["percentile"] switch { "50" => 50, "99" => 99, _ => 90 },
            chosen);
    }
}
