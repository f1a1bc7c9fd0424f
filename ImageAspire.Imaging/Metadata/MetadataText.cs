using System.Globalization;
using System.Text;

namespace ImageAspire.Imaging.Metadata;

/// <summary>Text of untrusted metadata: printable, of bounded length.</summary>
internal static class MetadataText
{
    /// <summary>Longest title, name or word, in characters.</summary>
    public const int Short = 200;

    /// <summary>Longest description, in characters.</summary>
    public const int Long = 2000;

    // Of a letter. More belong to no script, and would be drawn over what is above and below the text.
    private const int MaxMarks = 4;

    /// <summary>Without control, invisible and private characters and piled marks, and without spaces around it; null when nothing is left.</summary>
    public static string? Clean(string? raw, int maxLength = Short)
    {
        if (raw is null)
            return null;
        var (text, marks) = (new StringBuilder(), 0);
        foreach (var rune in raw.EnumerateRunes())
        {
            if (text.Length + rune.Utf16SequenceLength > maxLength)
                break;
            marks = Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark ? marks + 1 : 0;
            if (marks > MaxMarks)
                continue;
            if (rune.Value is '\n' or '\r' or '\t')
                text.Append(' ');
            else if (Rune.GetUnicodeCategory(rune) is not (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.PrivateUse or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator) && rune != Rune.ReplacementChar)
                text.Append(rune.ToString());
        }

        var trimmed = text.ToString().Trim();
        return trimmed.Length == 0 ? null : trimmed;
    }
}
