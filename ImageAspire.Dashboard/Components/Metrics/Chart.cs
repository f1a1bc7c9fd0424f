namespace ImageAspire.Dashboard.Components.Metrics;

/// <summary>A value at a time.</summary>
/// <param name="Time">Nanoseconds since 1970-01-01 UTC.</param>
/// <param name="Value">The value.</param>
public readonly record struct ChartPoint(long Time, double Value);

/// <summary>A line.</summary>
/// <param name="Name">What it is: text from anybody.</param>
/// <param name="Points">Its points, in order of time.</param>
public sealed record ChartLine(string Name, IReadOnlyList<ChartPoint> Points);

/// <summary>A measurement on a chart that leads to its trace.</summary>
/// <param name="Time">Nanoseconds since 1970-01-01 UTC.</param>
/// <param name="Value">What was measured.</param>
/// <param name="Address">The span in its trace.</param>
public sealed record ChartMark(long Time, double Value, string Address);

/// <summary>A chart.</summary>
/// <param name="Title">What the values are.</param>
/// <param name="Unit">The unit as it was sent.</param>
/// <param name="PerSecond">Whether the values are rates.</param>
/// <param name="Lines">Its lines.</param>
/// <param name="Marks">Measurements to draw upon it.</param>
public sealed record Chart(string Title, string Unit, bool PerSecond, IReadOnlyList<ChartLine> Lines, IReadOnlyList<ChartMark> Marks)
{
    /// <summary>Whether there is anything to see.</summary>
    public bool IsEmpty => Lines.All(line => line.Points.Count == 0) && Marks.Count == 0;

    /// <summary>The unit that suits its values.</summary>
    public MetricUnit UnitOfValues() => MetricUnit.For(Unit, Values().Select(Math.Abs).DefaultIfEmpty(0).Max(), PerSecond);

    /// <summary>The axis that suits its values.</summary>
    public Scale Axis() => Scale.For(Values().DefaultIfEmpty(0).Min(), Values().DefaultIfEmpty(0).Max(), UnitOfValues().Divisor);

    private IEnumerable<double> Values() => Lines.SelectMany(line => line.Points).Select(point => point.Value).Concat(Marks.Select(mark => mark.Value)).Where(double.IsFinite);
}
