using ImageAspire.Dashboard.Telemetry;

namespace ImageAspire.Dashboard.Components.Metrics;

/// <summary>An attribute that tells series of an instrument apart.</summary>
/// <param name="Key">Its key.</param>
/// <param name="Values">Its values, in order; empty text for series that lack it.</param>
public sealed record Dimension(string Key, IReadOnlyList<string> Values);

/// <summary>Several series that are shown as one.</summary>
/// <param name="Name">What they have in common.</param>
/// <param name="Series">The series.</param>
public sealed record SeriesGroup(string Name, IReadOnlyList<MetricSeries> Series);

/// <summary>Which series are shown, and which of them together.</summary>
public static class Dimensions
{
    /// <summary>The value of <c>by</c> in an address that shows every series on its own.</summary>
    public const string Each = "*";

    /// <summary>What a series without any attribute is called.</summary>
    public const string Whole = "all";

    /// <summary>The attributes of all series, in order of key.</summary>
    public static IReadOnlyList<Dimension> Of(IReadOnlyList<MetricSeries> series) =>
    [
        .. series.SelectMany(one => one.Attributes).Select(attribute => attribute.Key).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)
            .Select(key => new Dimension(key, [.. series.Select(one => ValueOf(one, key)).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)])),
    ];

    /// <summary>The series that have one of the values that were chosen for each key.</summary>
    public static IReadOnlyList<MetricSeries> Filter(IReadOnlyList<MetricSeries> series, IReadOnlyDictionary<string, HashSet<string>> chosen) =>
        chosen.Count == 0 ? series : [.. series.Where(one => chosen.All(pair => pair.Value.Contains(ValueOf(one, pair.Key))))];

    /// <summary>Puts series together.</summary>
    /// <param name="series">The series.</param>
    /// <param name="by">Key whose values are shown apart; <see cref="Each"/> for all keys; null to show everything together.</param>
    public static IReadOnlyList<SeriesGroup> Group(IReadOnlyList<MetricSeries> series, string? by) =>
        by is null
            ? series.Count == 0 ? [] : [new SeriesGroup(Whole, series)]
            : [.. series.GroupBy(one => by == Each ? NameOf(one) : ValueOf(one, by), StringComparer.Ordinal)
                .Select(group => new SeriesGroup(group.Key.Length == 0 ? "(none)" : group.Key, [.. group]))];

    /// <summary>Value of a series' attribute; empty when it lacks it.</summary>
    public static string ValueOf(MetricSeries series, string key)
    {
        foreach (var attribute in series.Attributes)
        {
            if (attribute.Key == key)
                return attribute.Value;
        }

        return "";
    }

    private static string NameOf(MetricSeries series) =>
        series.Attributes.Count == 0 ? Whole
        : series.Attributes.Count == 1 ? $"{series.Attributes[0].Key}: {series.Attributes[0].Value}"
        : string.Join(", ", series.Attributes.Select(attribute => $"{attribute.Key}: {attribute.Value}"));
}
