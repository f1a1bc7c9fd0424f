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
        if (resource is not null)
            return Read(resource, cursor, LinesAtOnce);
        var all = board.List().SelectMany(one => Read(one.Name, cursor, LinesAtOnce)).OrderBy(entry => entry.Line.Time).ToList();
        if (all.Count <= LinesAtOnce)
            return all;
        return all[^LinesAtOnce..];
    }

    private List<ConsoleEntry> Read(string resource, ConsoleCursor cursor, int max)
    {
        var after = cursor.After(resource);
        var lines = log.Read(resource, after, max);
        if (lines.Count == 0)
            return [];
        cursor.Advance(resource, lines[^1].Number);
        return [.. lines.Select((line, index) => new ConsoleEntry(resource, line, index == 0 ? line.Number - after - 1 : 0))];
    }
}
