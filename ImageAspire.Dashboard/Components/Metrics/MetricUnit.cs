using ImageAspire.Dashboard.Components.Text;

namespace ImageAspire.Dashboard.Components.Metrics;

/// <summary>A unit as people read it: <c>By</c> becomes KB or MB, <c>s</c> becomes ms, <c>{request}</c> becomes requests.</summary>
/// <param name="Label">What is written behind a number; may be empty.</param>
/// <param name="Divisor">What a value is divided by before it is written.</param>
public readonly record struct MetricUnit(string Label, double Divisor)
{
    private static readonly (double Size, string Label)[] Bytes = [(1L << 30, "GB"), (1 << 20, "MB"), (1 << 10, "KB"), (1, "B")];
    private static readonly (double Size, string Label)[] Bits = [(1e9, "Gbit"), (1e6, "Mbit"), (1e3, "kbit"), (1, "bit")];
    private static readonly (double Seconds, string Label)[] Times = [(3_600, "h"), (60, "min"), (1, "s"), (1e-3, "ms"), (1e-6, "µs"), (1e-9, "ns")];

    /// <summary>Chooses the unit in which the greatest value of a chart is at least 1; everything in the chart is written in that one.</summary>
    /// <param name="unit">The unit that was sent: UCUM, anything else is written as it is.</param>
    /// <param name="greatest">The greatest value to be written.</param>
    /// <param name="perSecond">Whether the values are rates.</param>
    public static MetricUnit For(string unit, double greatest, bool perSecond = false)
    {
        var chosen = Choose(unit, Math.Abs(greatest));
        return perSecond ? chosen with { Label = chosen.Label + "/s" } : chosen;
    }

    /// <summary>A value with its unit.</summary>
    public string Write(double value)
    {
        var number = Display.Number(value / Divisor);
        return Label.Length == 0 ? number : Label[0] is '/' or '%' ? number + Label : $"{number} {Label}";
    }

    private static MetricUnit Choose(string unit, double greatest) => unit switch
    {
        "By" or "bytes" or "byte" => Scale(Bytes, greatest, 1),
        "KiBy" => Scale(Bytes, greatest * 1024, 1.0 / 1024),
        "MiBy" => Scale(Bytes, greatest * 1024 * 1024, 1.0 / (1024 * 1024)),
        "bit" => Scale(Bits, greatest, 1),
        "h" => Scale(Times, greatest * 3_600, 1.0 / 3_600),
        "min" => Scale(Times, greatest * 60, 1.0 / 60),
        "s" or "sec" or "seconds" => Scale(Times, greatest, 1),
        "ms" => Scale(Times, greatest / 1e3, 1e3),
        "us" => Scale(Times, greatest / 1e6, 1e6),
        "ns" => Scale(Times, greatest / 1e9, 1e9),
        "1" or "" => new MetricUnit("", 1),
        "%" => new MetricUnit("%", 1),
        _ => new MetricUnit(Words(unit), 1),
    };

    // Factor: how many of the unit that was sent make one of the table's base.
    private static MetricUnit Scale((double Size, string Label)[] sizes, double greatest, double factor)
    {
        foreach (var (size, label) in sizes)
        {
            if (greatest >= size)
                return new MetricUnit(label, size * factor);
        }

        // Nothing at all is written in the base, and what is too small for the least in the least.
        var (least, name) = greatest > 0 ? sizes[^1] : sizes.First(size => size.Size == 1);
        return new MetricUnit(name, least * factor);
    }

    // UCUM writes what is counted in braces: {request}, and By/{request}.
    private static string Words(string unit)
    {
        var text = unit.Replace("{", "", StringComparison.Ordinal).Replace("}", "", StringComparison.Ordinal);
        return unit.StartsWith('{') && unit.EndsWith('}') && text.All(char.IsAsciiLetter) && !text.EndsWith('s') ? text + "s" : text;
    }
}
