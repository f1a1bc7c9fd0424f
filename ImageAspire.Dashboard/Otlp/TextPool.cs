using System.Globalization;
using System.Text;

namespace ImageAspire.Dashboard.Otlp;

/// <summary>
/// Makes text of bytes; short text that has been seen lately is one object however often it comes. Two generations: what was not asked
/// for during a whole one is forgotten. Not for several threads.
/// </summary>
internal sealed class TextPool
{
    private const int ShortBytes = 96;
    private const int TextsPerGeneration = 4_096;

    private HashSet<string> _young = new(StringComparer.Ordinal);
    private HashSet<string> _old = new(StringComparer.Ordinal);

    /// <summary>Estimated bytes of all text that was made, and not found, so far.</summary>
    public long Made { get; private set; }

    /// <summary>Text of UTF-8; what is no UTF-8 becomes U+FFFD.</summary>
    /// <param name="utf8">The bytes.</param>
    /// <param name="length">Characters at most; the rest is cut off and marked.</param>
    public string Get(ReadOnlySpan<byte> utf8, int length)
    {
        if (utf8.IsEmpty)
            return "";
        if (utf8.Length <= ShortBytes && utf8.Length <= length)
        {
            Span<char> chars = stackalloc char[ShortBytes];
            return Get(chars[..Encoding.UTF8.GetChars(utf8, chars)]);
        }

        // No character takes more than three bytes of UTF-8 in relation to the chars that it takes.
        return Long(utf8.Length <= length ? Encoding.UTF8.GetString(utf8) : Cut(utf8, length));
    }

    public string Get(long number)
    {
        Span<char> chars = stackalloc char[20];
        number.TryFormat(chars, out var written, default, CultureInfo.InvariantCulture);
        return Get(chars[..written]);
    }

    public string Get(double number)
    {
        Span<char> chars = stackalloc char[32];
        return number.TryFormat(chars, out var written, "R", CultureInfo.InvariantCulture)
            ? Get(chars[..written])
            : Long(number.ToString("R", CultureInfo.InvariantCulture));
    }

    /// <summary>Text that is not looked for: it is long, or never the same.</summary>
    public string Long(string text)
    {
        Made += Telemetry.TelemetrySize.OfText(text.Length);
        return text;
    }

    /// <summary>The same text, cut and marked when it is longer than that.</summary>
    public static string Cut(string text, int length)
    {
        if (text.Length <= length)
            return text;
        if (length > 0 && char.IsHighSurrogate(text[length - 1]))
            length--;
        return string.Concat(text.AsSpan(0, length), Mark(text.Length - length));
    }

    private static string Cut(ReadOnlySpan<byte> utf8, int length)
    {
        var total = Encoding.UTF8.GetCharCount(utf8);
        if (total <= length)
            return Encoding.UTF8.GetString(utf8);
        // Enough bytes for what is kept, and for no half character at its end.
        var kept = Encoding.UTF8.GetString(utf8[..(int)Math.Min(utf8.Length, (length * 3L) + 4)]);
        if (length > 0 && char.IsHighSurrogate(kept[length - 1]))
            length--;
        return string.Concat(kept.AsSpan(0, length), Mark(total - length));
    }

    private static string Mark(int more) => string.Create(CultureInfo.InvariantCulture, $" … ({more} more characters)");

    private string Get(ReadOnlySpan<char> text)
    {
        if (_young.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(text, out var known))
            return known;
        if (!_old.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(text, out known))
            known = Long(text.ToString());
        if (_young.Count == TextsPerGeneration)
            (_young, _old) = (new HashSet<string>(StringComparer.Ordinal), _young);
        _young.Add(known);
        return known;
    }
}
