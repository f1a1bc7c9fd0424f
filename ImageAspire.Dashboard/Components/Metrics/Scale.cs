namespace ImageAspire.Dashboard.Components.Metrics;

/// <summary>The vertical axis of a chart: round numbers around the values.</summary>
/// <param name="Low">The lowest value of the axis.</param>
/// <param name="High">The highest; above <paramref name="Low"/>.</param>
/// <param name="Ticks">Where lines are drawn, from low to high.</param>
public sealed record Scale(double Low, double High, IReadOnlyList<double> Ticks)
{
    /// <summary>Chooses steps of 1, 2 or 5 times a power of ten, about five of them. Zero is always part of it: heights can be compared.</summary>
    /// <param name="low">The least value.</param>
    /// <param name="high">The greatest value.</param>
    /// <param name="unit">What values are divided by before they are written: the numbers that are read are to be round.</param>
    public static Scale For(double low, double high, double unit)
    {
        low = Math.Min(0, double.IsFinite(low) ? low : 0) / unit;
        high = Math.Max(0, double.IsFinite(high) ? high : 0) / unit;
        if (high - low < double.Epsilon * 1e10)
            high = low + 1;
        var step = Step((high - low) / 5);
        var (first, last) = (Math.Floor(low / step), Math.Ceiling(high / step));
        var ticks = new List<double>();
        for (var tick = first; tick <= last && ticks.Count < 12; tick++)
            ticks.Add(tick * step * unit);
        return new Scale(first * step * unit, last * step * unit, ticks);
    }

    /// <summary>How high a value is on the axis: 0 at its foot, 1 at its head.</summary>
    public double At(double value) => Math.Clamp((value - Low) / (High - Low), 0, 1);

    private static double Step(double wanted)
    {
        var power = Math.Pow(10, Math.Floor(Math.Log10(wanted)));
        var factor = wanted / power;
        return power * (factor <= 1.0001 ? 1 : factor <= 2.0001 ? 2 : factor <= 5.0001 ? 5 : 10);
    }
}
