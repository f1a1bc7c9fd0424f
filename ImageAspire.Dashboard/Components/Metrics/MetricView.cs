using ImageAspire.Dashboard.Telemetry;

namespace ImageAspire.Dashboard.Components.Metrics;

/// <summary>An instrument as the page shows it.</summary>
/// <param name="Charts">One chart or two.</param>
/// <param name="Left">Names of what is not drawn because there would be too many lines.</param>
/// <param name="Exemplars">Measurements with a trace, newest first.</param>
public sealed record MetricView(IReadOnlyList<Chart> Charts, IReadOnlyList<string> Left, IReadOnlyList<Exemplar> Exemplars)
{
    /// <summary>Lines of a chart at most: more cannot be told apart.</summary>
    public const int Lines = 10;

    private const int Marks = 60;

    private static readonly int[] Shares = [50, 90, 99];

    /// <summary>Draws it.</summary>
    public static MetricView Of(Instrument instrument, IReadOnlyList<MetricSeries> series, MetricQuery query, ChartWindow window)
    {
        var shown = Dimensions.Filter(series, query.Chosen);
        // The largest ones are drawn, in order of name: that does not jump about while values change a little.
        var groups = Dimensions.Group(shown, query.By);
        var largest = groups.OrderByDescending(Size).Take(Lines).ToHashSet();
        var drawn = groups.Where(largest.Contains).OrderBy(group => group.Name, StringComparer.Ordinal).ToList();
        var left = groups.Where(group => !largest.Contains(group)).Select(group => group.Name).Order(StringComparer.Ordinal).ToList();
        var exemplars = shown.SelectMany(one => one.Exemplars).Where(exemplar => window.Holds(exemplar.Time) && !exemplar.TraceId.IsEmpty).OrderByDescending(exemplar => exemplar.Time).Take(Marks).ToList();
        return new MetricView(instrument.Kind == InstrumentKind.Histogram ? Histogram(instrument, drawn, exemplars, query, window) : [Sum(instrument, drawn, query, window)], left, exemplars);
    }

    /// <summary>The address of the span in which something was measured.</summary>
    public static string AddressOf(Exemplar exemplar) =>
        exemplar.SpanId.IsEmpty ? $"/traces/detail/{exemplar.TraceId}" : $"/traces/detail/{exemplar.TraceId}?spanId={exemplar.SpanId}";

    private static Chart Sum(Instrument instrument, IReadOnlyList<SeriesGroup> groups, MetricQuery query, ChartWindow window)
    {
        var rate = instrument.Kind == InstrumentKind.Counter && !query.Total;
        var lines = groups.Select(group => new ChartLine(NameOf(instrument, group), rate
            ? Combine.Rates([.. group.Series.Select(series => Deltas.Of(series.Points, window.Step))], window)
            : Combine.Values(group.Series, window))).ToList();
        var title = rate ? "Per second" : instrument.Kind == InstrumentKind.Counter ? "Total since the process was started" : "Value";
        return new Chart(title, instrument.Unit, rate, lines, []);
    }

    private static Chart[] Histogram(Instrument instrument, IReadOnlyList<SeriesGroup> groups, List<Exemplar> exemplars, MetricQuery query, ChartWindow window)
    {
        var deltas = groups.Select(group => (Name: NameOf(instrument, group), Deltas: (IReadOnlyList<IReadOnlyList<Delta>>)[.. group.Series.Select(series => Deltas.Of(series.Points, window.Step))])).ToList();
        var together = query.By is null;
        var lines = together
            ? deltas.SelectMany(group => Shares.Select(share => new ChartLine($"P{share}", Combine.Percentile(group.Deltas, share / 100.0, window))))
            : deltas.Select(group => new ChartLine(group.Name, Combine.Percentile(group.Deltas, query.Percentile / 100.0, window)));
        var counts = deltas.Select(group => new ChartLine(together ? "Count" : group.Name, Combine.Rates(group.Deltas, window)));
        return
        [
            new Chart(together ? "P50, P90 and P99" : $"P{query.Percentile}", instrument.Unit, false, [.. lines], [.. exemplars.Select(exemplar => new ChartMark(exemplar.Time, exemplar.Value, AddressOf(exemplar)))]),
            new Chart("Measurements per second", "", true, [.. counts], []),
        ];
    }

    private static string NameOf(Instrument instrument, SeriesGroup group) => group.Name == Dimensions.Whole ? instrument.Name : group.Name;

    private static double Size(SeriesGroup group) => group.Series.Sum(series => series.Points.Count == 0 ? 0 : SizeOf(series.Points[^1]));

    private static double SizeOf(MetricPoint point) => point.Buckets is null ? Math.Abs(point.Value) : point.Count;
}
