namespace ImageAspire.Dashboard.Resources;

/// <summary>A line that a process wrote, or that AppHost wrote about it.</summary>
/// <param name="Number">Its number, from 1, growing by one within its resource.</param>
/// <param name="Time">When it was read.</param>
/// <param name="Text">The line, with its ANSI codes, cut at <see cref="ConsoleLog.LineLength"/>. It is data, never markup.</param>
/// <param name="IsError">Whether it came on standard error.</param>
public readonly record struct ConsoleLine(long Number, DateTimeOffset Time, string Text, bool IsError);

/// <summary>The last lines of every resource, over its restarts: AppHost writes, pages read.</summary>
/// <param name="time">The clock.</param>
public sealed class ConsoleLog(TimeProvider time)
{
    /// <summary>Lines kept of each resource.</summary>
    public const int LinesPerResource = 10_000;

    /// <summary>Characters kept of each resource; the oldest lines go before that many lines are there when they are long.</summary>
    public const int CharactersPerResource = 4 << 20;

    /// <summary>Characters of a line; the rest is cut off and marked.</summary>
    public const int LineLength = 16_384;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, Lines> _resources = new(StringComparer.Ordinal);

    /// <summary>Adds a line.</summary>
    public void Append(string resource, string text, bool isError = false)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (text.Length > LineLength)
            text = string.Concat(text.AsSpan(0, LineLength), $" … ({text.Length - LineLength} more characters)");
        lock (_lock)
        {
            if (!_resources.TryGetValue(resource, out var lines))
                _resources.Add(resource, lines = new Lines());
            lines.Kept.Enqueue(new ConsoleLine(++lines.Last, time.GetUtcNow(), text, isError));
            lines.Characters += text.Length;
            while (lines.Kept.Count > LinesPerResource || lines.Characters > CharactersPerResource)
                lines.Characters -= lines.Kept.Dequeue().Text.Length;
        }
    }

    /// <summary>The lines after a number, in order; the newest of them when there are more than asked for.</summary>
    /// <param name="resource">The resource; one without lines has none.</param>
    /// <param name="after">The number of the last line that is known; 0 for none. One that is yet to come is of an earlier run: nothing is known.</param>
    /// <param name="max">How many at most.</param>
    public IReadOnlyList<ConsoleLine> Read(string resource, long after, int max)
    {
        lock (_lock)
        {
            if (!_resources.TryGetValue(resource, out var lines))
                return [];
            var wanted = (int)Math.Min(Math.Min(max, lines.Kept.Count), after > lines.Last ? lines.Last : lines.Last - after);
            return [.. lines.Kept.Skip(lines.Kept.Count - wanted)];
        }
    }

    private sealed class Lines
    {
        public Queue<ConsoleLine> Kept { get; } = new();

        public long Last { get; set; }

        public long Characters { get; set; }
    }
}
