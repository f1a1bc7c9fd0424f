using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace ImageAspire.Benchmarks.Harness;

/// <summary>What a benchmark prints at its end: one table for people and one line of JSON for programs.</summary>
/// <param name="name">The benchmark's name.</param>
/// <param name="columns">Heads of the table; the first column is the row's name.</param>
internal sealed class Report(string name, params string[] columns)
{
    private static readonly JsonSerializerOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private readonly List<string[]> _rows = [];
    private readonly List<string> _notes = [];
    private readonly Dictionary<string, object> _figures = [];
    private readonly Dictionary<string, object> _settings = [];
    private readonly List<object> _bars = [];

    /// <summary>One row; numbers are shortened to what can be read.</summary>
    public void Row(string first, params object?[] cells) => _rows.Add([first, .. cells.Select(Cell)]);

    /// <summary>A line under the table.</summary>
    public void Note(string text) => _notes.Add(text);

    /// <summary>A figure of the JSON line.</summary>
    public void Figure(string key, double value) => _figures[key] = Round(value);

    /// <summary>How it was measured.</summary>
    public void Setting(string key, object value) => _settings[key] = value;

    /// <summary>A bar of the design and whether it was reached.</summary>
    /// <param name="what">What is compared.</param>
    /// <param name="value">The ratio or figure.</param>
    /// <param name="bar">The limit.</param>
    /// <param name="atLeast">True when the value must not be smaller, false when it must not be larger.</param>
    public void Bar(string what, double value, double bar, bool atLeast)
    {
        var met = atLeast ? value >= bar : value <= bar;
        _bars.Add(new { what, value = Round(value), bar, met });
        _notes.Add($"{(met ? "met   " : "MISSED")}  {what}: {Cell(value)} (bar {(atLeast ? "≥" : "≤")} {Cell(bar)})");
    }

    public void Print(TextWriter output)
    {
        var widths = columns.Select((column, i) => _rows.Select(row => i < row.Length ? row[i].Length : 0).Append(column.Length).Max()).ToArray();
        output.WriteLine();
        output.WriteLine(Line(columns, widths));
        output.WriteLine(string.Join("  ", widths.Select(width => new string('-', width))));
        foreach (var row in _rows)
            output.WriteLine(Line(row, widths));
        output.WriteLine();
        foreach (var note in _notes)
            output.WriteLine(note);
        output.WriteLine();
        output.WriteLine(JsonSerializer.Serialize(new
        {
            benchmark = name, at = TimeProvider.System.GetUtcNow(), machine = Machine(), settings = _settings, figures = _figures, bars = _bars,
        }, Readable));
    }

    private static object Machine() => new
    {
        os = RuntimeInformation.OSDescription, architecture = RuntimeInformation.OSArchitecture.ToString(),
        cores = Environment.ProcessorCount, memoryMiB = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes >> 20,
        runtime = RuntimeInformation.FrameworkDescription,
    };

    private static string Line(string[] cells, int[] widths) =>
        string.Join("  ", cells.Select((cell, i) => i == 0 ? cell.PadRight(widths[i]) : cell.PadLeft(widths[i]))).TrimEnd();

    private static string Cell(object? value) => value switch
    {
        null => "",
        double.NaN => "-",
        double number when Math.Abs(number) >= 100 => number.ToString("#,0", CultureInfo.InvariantCulture),
        double number when Math.Abs(number) >= 10 => number.ToString("0.0", CultureInfo.InvariantCulture),
        double number => number.ToString("0.00#", CultureInfo.InvariantCulture),
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString() ?? "",
    };

    // NaN has no JSON; a figure that could not be measured is -1.
    private static double Round(double value) => double.IsFinite(value) ? Math.Round(value, 3, MidpointRounding.AwayFromZero) : -1;
}
