namespace ImageAspire.Benchmarks.Harness;

/// <summary>Measured values and their percentiles (nearest rank).</summary>
internal sealed class Samples
{
    private readonly double[] _sorted;

    public Samples(IEnumerable<double> values)
    {
        _sorted = [.. values];
        Array.Sort(_sorted);
    }

    public int Count => _sorted.Length;

    public double Median => Percentile(0.5);

    public double P99 => Percentile(0.99);

    public double Max => _sorted.Length == 0 ? double.NaN : _sorted[^1];

    /// <summary>The smallest value that at least this share of all values does not exceed; NaN without any value.</summary>
    public double Percentile(double share) => _sorted.Length == 0
        ? double.NaN
        : _sorted[Math.Clamp((int)Math.Ceiling(share * _sorted.Length) - 1, 0, _sorted.Length - 1)];

    /// <summary>All values of several measurements together.</summary>
    public static Samples Merge(IEnumerable<Samples> parts) => new(parts.SelectMany(part => part._sorted));
}
