using System.Globalization;
using System.Text;

namespace ImageAspire.Dashboard.Components.Metrics;

/// <summary>A chart in the coordinates of its picture, 1000 wide and 1000 high, stretched to whatever room there is.</summary>
internal static class ChartDrawing
{
    /// <summary>The line as the commands of an SVG path. It is broken where nothing was measured for a while; a point alone is a dot.</summary>
    public static string Path(ChartLine line, ChartWindow window, Scale axis)
    {
        var path = new StringBuilder();
        for (var index = 0; index < line.Points.Count; index++)
        {
            var joins = index > 0 && line.Points[index].Time - line.Points[index - 1].Time <= GapOf(line, window);
            // A line of no length with round ends: a dot.
            if (!joins)
                path.Append('M').Append(At(line.Points[index], window, axis));
            path.Append('L').Append(At(line.Points[index], window, axis));
        }

        return path.ToString();
    }

    /// <summary>The area under a line, down to zero.</summary>
    public static string Area(ChartLine line, ChartWindow window, Scale axis)
    {
        var path = new StringBuilder();
        var zero = Y(0, axis);
        for (var index = 0; index < line.Points.Count; index++)
        {
            var point = line.Points[index];
            if (index == 0 || point.Time - line.Points[index - 1].Time > GapOf(line, window))
            {
                if (index > 0)
                    path.Append(CultureInfo.InvariantCulture, $"L{X(line.Points[index - 1].Time, window)} {zero}Z");
                path.Append(CultureInfo.InvariantCulture, $"M{X(point.Time, window)} {zero}");
            }

            path.Append('L').Append(At(point, window, axis));
        }

        return line.Points.Count == 0 ? "" : path.Append(CultureInfo.InvariantCulture, $"L{X(line.Points[^1].Time, window)} {zero}Z").ToString();
    }

    /// <summary>The times at which there is something to read, with the room that belongs to each: from half way after the one before to half way to the next.</summary>
    public static IReadOnlyList<(long Time, double Left, double Right)> Columns(Chart chart, ChartWindow window)
    {
        var times = chart.Lines.SelectMany(line => line.Points).Select(point => point.Time).Distinct().Order().ToList();
        return [.. times.Select((time, index) => (time,
            window.At(index == 0 ? window.From : (times[index - 1] / 2) + (time / 2)),
            window.At(index == times.Count - 1 ? window.To : (time / 2) + (times[index + 1] / 2))))];
    }

    // A sender that exports once a minute is not broken in a chart of one minute: what is usual for the line is no gap.
    private static long GapOf(ChartLine line, ChartWindow window)
    {
        if (line.Points.Count < 3)
            return Math.Max(window.Gap, 130_000_000_000);
        var distances = new long[line.Points.Count - 1];
        for (var index = 0; index < distances.Length; index++)
            distances[index] = line.Points[index + 1].Time - line.Points[index].Time;
        Array.Sort(distances);
        return Math.Max(window.Gap, distances[distances.Length / 2] * 3);
    }

    private static string At(ChartPoint point, ChartWindow window, Scale axis) => $"{X(point.Time, window)} {Y(point.Value, axis)}";

    private static string X(long time, ChartWindow window) => (window.At(time) * 1000).ToString("0.#", CultureInfo.InvariantCulture);

    private static string Y(double value, Scale axis) => ((1 - axis.At(value)) * 1000).ToString("0.#", CultureInfo.InvariantCulture);
}
