using System.Globalization;
using System.Text;

namespace ImageAspire.Core.Images;

/// <summary>What of a record can be searched, and what a word is, for every catalog.</summary>
public static class SearchText
{
    private const int MaxLength = 8 * 1024;
    private const int MaxQueryLength = 256;
    private const int MaxQueryWords = 16;
    private const int MaxRun = 4;
    private const int MinRunLength = 6;

    /// <summary>What can be found of a record: name, caption, tags, what people wrote into the file, the word "damaged" of a damaged image, and the text in the image, at most 8 Ki characters.</summary>
    public static string Of(ImageRecord record)
    {
        ArgumentNullException.ThrowIfNull(record);
        var words = new StringBuilder(record.Name);
        if (record.Analysis?.Caption is { } caption)
            words.Append('\n').Append(caption);
        foreach (var tag in record.AllTags())
            words.Append('\n').Append(tag);
        if (record.Damaged is not null)
            words.Append("\ndamaged");
        foreach (var text in Written(record.Metadata))
            words.Append('\n').Append(text);
        foreach (var line in record.Analysis?.Text ?? [])
        {
            if (words.Length >= MaxLength)
                break;
            words.Append('\n').Append(line.Text);
        }

        return words.ToString(0, Math.Min(words.Length, MaxLength)).Replace('\0', ' ');
    }

    /// <summary>What a search for a camera finds: make and model; null when the file names neither.</summary>
    public static string? OfCamera(ImageRecord record)
    {
        ArgumentNullException.ThrowIfNull(record);
        var text = $"{record.Camera?.Make} {record.Camera?.Model}".Replace('\0', ' ').Trim();
        return text.Length == 0 ? null : text;
    }

    /// <summary>The words of a person's search; only the first 16 of the first 256 characters count. None: such a search finds nothing.</summary>
    public static IReadOnlyList<string> QueryWords(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return [.. Words(text.Length <= MaxQueryLength ? text : text[..MaxQueryLength]).Take(MaxQueryWords)];
    }

    /// <summary>
    /// For each word of a search the joined runs of two to four adjacent words that it is part of: text that was read in an image often
    /// lacks the spaces, and "no parking" finds NOPARKING by them. Short ones, which begin many words, are left out.
    /// </summary>
    /// <param name="words">The words, <see cref="QueryWords"/>.</param>
    public static IReadOnlyList<IReadOnlyList<string>> JoinedRuns(IReadOnlyList<string> words)
    {
        ArgumentNullException.ThrowIfNull(words);
        var runs = words.Select(_ => new List<string>()).ToList();
        for (var first = 0; first < words.Count; first++)
        {
            for (var last = first + 1; last < Math.Min(words.Count, first + MaxRun); last++)
            {
                var run = string.Concat(words.Skip(first).Take(last - first + 1));
                for (var i = first; i <= last && run.Length >= MinRunLength; i++)
                    runs[i].Add(run);
            }
        }

        return runs;
    }

    /// <summary>Runs of letters, numbers, symbols such as emoji, and the marks inside of them. Quotes and control characters are never part of a word.</summary>
    public static IEnumerable<string> Words(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var word = new StringBuilder();
        foreach (var rune in text.EnumerateRunes())
        {
            if (IsOfWord(rune))
            {
                word.Append(rune.ToString());
            }
            else if (word.Length > 0)
            {
                yield return word.ToString();
                word.Clear();
            }
        }

        if (word.Length > 0)
            yield return word.ToString();
    }

    private static IEnumerable<string> Written(ImageMetadata? metadata) =>
        ((string?[])[metadata?.Title, metadata?.Description, .. metadata?.Keywords ?? [], metadata?.Creator]).OfType<string>();

    private static bool IsOfWord(Rune rune) => rune != Rune.ReplacementChar && Rune.GetUnicodeCategory(rune) is
        UnicodeCategory.UppercaseLetter or UnicodeCategory.LowercaseLetter or UnicodeCategory.TitlecaseLetter
        or UnicodeCategory.ModifierLetter or UnicodeCategory.OtherLetter
        or UnicodeCategory.DecimalDigitNumber or UnicodeCategory.LetterNumber or UnicodeCategory.OtherNumber
        or UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.EnclosingMark
        or UnicodeCategory.OtherSymbol or UnicodeCategory.PrivateUse;
}
