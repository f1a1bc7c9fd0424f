using ImageAspire.Dashboard.Resources;

namespace ImageAspire.Dashboard.Components.Console;

/// <summary>A line on the console page.</summary>
/// <param name="Resource">Whose.</param>
/// <param name="Line">The line.</param>
/// <param name="Missing">Lines of the resource before it that are not shown: there were too many at once.</param>
public readonly record struct ConsoleEntry(string Resource, ConsoleLine Line, long Missing);

/// <summary>Reads lines for the console page.</summary>
internal sealed class ConsoleReader(ConsoleLog log, ResourceBoard board)
{
    /// <summary>Lines of one answer; the page keeps twice as many.</summary>
    public const int LinesAtOnce = 1000;

    /// <summary>What is new since a cursor, which is moved on: of one resource, or of all in order of time.</summary>
    public IReadOnlyList<ConsoleEntry> Read(string? resource, ConsoleCursor cursor)
    {
        var names = resource is not null ? [resource] : board.List().Select(one => one.Name).ToArray();
        var known = names.ToDictionary(name => name, cursor.After, StringComparer.Ordinal);
        var lines = new List<(string Resource, ConsoleLine Line)>();
        foreach (var name in names)
        {
            var some = log.Read(name, known[name], LinesAtOnce);
            lines.AddRange(some.Select(line => (name, line)));
            if (some.Count > 0)
                cursor.Advance(name, some[^1].Number);
        }

        var entries = new List<ConsoleEntry>();
        foreach (var (name, line) in lines.OrderBy(one => one.Line.Time).TakeLast(LinesAtOnce))
        {
            // A number that was not reached yet is of an earlier run.
            entries.Add(new ConsoleEntry(name, line, line.Number - 1 - (known[name] < line.Number ? known[name] : 0)));
            known[name] = line.Number;
        }

        return entries;
    }
}
