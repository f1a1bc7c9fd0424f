using System.Globalization;
using System.Text;

namespace ImageAspire.Dashboard.Components.Console;

/// <summary>A stretch of a console line that looks the same.</summary>
/// <param name="Text">What it says; data, never markup.</param>
/// <param name="Class">Classes of the style sheet; null for none.</param>
/// <param name="Style">Colours outside of the sixteen, as a style made of numbers only; null for none.</param>
internal readonly record struct AnsiSpan(string Text, string? Class, string? Style);

/// <summary>
/// Reads the colours of ECMA-48 ("ANSI", SGR): 16, 256 and 24 bits, bold, dim, italic, underlined, inverse. All other codes, and control
/// characters, are left out. A line is read by itself: programs that colour reset at its end.
/// </summary>
internal static class AnsiText
{
    private const char Escape = '\u001b';

    /// <summary>The line in stretches, in order; none for an empty line.</summary>
    public static IReadOnlyList<AnsiSpan> Parse(string line)
    {
        var spans = new List<AnsiSpan>();
        var text = new StringBuilder();
        var look = new AnsiLook();
        for (var at = 0; at < line.Length; at++)
        {
            var one = line[at];
            if (one == Escape || one == '\u009b')
            {
                var (end, codes) = ReadCode(line, at);
                if (codes is not null)
                {
                    Flush();
                    look.Apply(codes);
                }

                at = end;
            }
            else if (one == '\t' || !char.IsControl(one))
            {
                text.Append(one);
            }
        }

        Flush();
        return spans;

        void Flush()
        {
            if (text.Length == 0)
                return;
            spans.Add(new AnsiSpan(text.ToString(), look.Class, look.Style));
            text.Clear();
        }
    }

    /// <summary>The line without any codes.</summary>
    public static string Plain(string line) => line.AsSpan().ContainsAnyInRange('\0', '\u001f') || line.AsSpan().ContainsAnyInRange('\u007f', '\u009f')
        ? string.Concat(Parse(line).Select(span => span.Text)) : line;

    // Returns the place of the code's last character, and its numbers when it is about looks.
    private static (int End, List<int>? Codes) ReadCode(string line, int at)
    {
        var next = line[at] == Escape ? at + 1 : at;
        if (next >= line.Length)
            return (next, null);
        if (line[next] is ']' or 'P' or 'X' or '^' or '_')
            return (EndOfString(line, next), null);
        if (line[at] == Escape && line[next] != '[')
            return (EndOfShort(line, next), null);
        var begin = next + 1;
        var end = begin;
        while (end < line.Length && line[end] is >= '\u0020' and <= '\u003f')
            end++;
        var isLook = end < line.Length && line[end] == 'm';
        return (Math.Min(end, line.Length - 1), isLook ? Numbers(line.AsSpan(begin, end - begin)) : null);
    }

    // Titles, hyperlinks and the like: up to BEL or ESC \.
    private static int EndOfString(string line, int at)
    {
        for (; at < line.Length; at++)
        {
            if (line[at] is '\u0007' or '\u009c')
                return at;
            if (line[at] == Escape)
                return at + 1 < line.Length && line[at + 1] == '\\' ? at + 1 : at - 1;
        }

        return line.Length;
    }

    private static int EndOfShort(string line, int at)
    {
        while (at < line.Length && line[at] is >= '\u0020' and <= '\u002f')
            at++;
        return at;
    }

    private static List<int>? Numbers(ReadOnlySpan<char> text)
    {
        var numbers = new List<int>();
        foreach (var range in text.SplitAny(';', ':'))
        {
            var part = text[range];
            if (part.IsEmpty)
                numbers.Add(0);
            else if (int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
                numbers.Add(number);
            else
                return null;
        }

        return numbers;
    }
}
