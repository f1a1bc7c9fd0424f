using System.Globalization;
using System.Text;

namespace ImageAspire.Core.Images;

/// <summary>Turns what a client calls a file into a display name. The result is data: it is never used as a path or as markup.</summary>
public static class ImageName
{
    /// <summary>Longest name kept, in UTF-16 units.</summary>
    public const int MaxLength = 200;

    /// <summary>
    /// Keeps the last path segment, drops control and formatting characters that could hide or reorder text, folds white space,
    /// cuts at <see cref="MaxLength"/> without splitting a character; an empty result becomes <c>untitled</c>.
    /// </summary>
    public static string Clean(string? raw)
    {
        if (string.IsNullOrWhiteSpace(raw))
            return "untitled";
        var last = raw.AsSpan()[(raw.AsSpan().LastIndexOfAny('/', '\\') + 1)..];
        var name = new StringBuilder(Math.Min(last.Length, MaxLength));
        foreach (var rune in last.EnumerateRunes())
        {
            if (Rune.IsWhiteSpace(rune))
            {
                if (name.Length > 0 && name[^1] != ' ')
                    name.Append(' ');
                continue;
            }

            if (IsDisguise(rune))
                continue;

            if (name.Length + rune.Utf16SequenceLength > MaxLength)
                break;
            name.Append(rune.ToString());
        }

        var cleaned = name.ToString().Trim();
        return cleaned.Length == 0 || cleaned.All(c => c == '.') ? "untitled" : cleaned;
    }

    /// <summary>Whether a character is invisible, reorders text or means nothing: text that people read must not have it.</summary>
    /// <remarks>U+200D joins emoji; the other format characters (bidirectional overrides among them) can disguise a text.</remarks>
    public static bool IsDisguise(Rune rune) => Rune.GetUnicodeCategory(rune) switch
    {
        UnicodeCategory.Control or UnicodeCategory.Surrogate or UnicodeCategory.PrivateUse => true,
        UnicodeCategory.Format => rune.Value != 0x200D,
        _ => rune == Rune.ReplacementChar,
    };
}
