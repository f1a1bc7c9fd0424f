using System.Globalization;
using System.Text;
using ImageAspire.Core.Images;

namespace ImageAspire.Embedded.Catalog;

/// <summary>Words for the full-text index, and a person's search as a query of it.</summary>
internal static class SearchWords
{
    private const int MaxIndexed = 8 * 1024;
    private const int MaxQueryLength = 256;
    private const int MaxWords = 16;

    /// <summary>What can be found of a record: name, caption, tags and the text in the image, at most 8 Ki characters.</summary>
    public static string Of(ImageRecord record)
    {
        var words = new StringBuilder(record.Name);
        if (record.Analysis?.Caption is { } caption)
            words.Append('\n').Append(caption);
        foreach (var tag in ImageLifecycle.AllTags(record))
            words.Append('\n').Append(tag);
        foreach (var line in record.Analysis?.Text ?? [])
        {
            if (words.Length >= MaxIndexed)
                break;
            words.Append('\n').Append(line.Text);
        }

        return words.ToString(0, Math.Min(words.Length, MaxIndexed)).Replace('\0', ' ');
    }

    /// <summary>
    /// The user's words, each of them quoted, so that none is an operator: all must be there, each as the beginning of a word.
    /// Only the first 16 words of the first 256 characters count. Null when there is no word in it: such a search finds nothing.
    /// </summary>
    public static string? ToMatch(string text)
    {
        var words = Split(text).Take(MaxWords).Select(word => $"\"{word}\"*").ToList();
        return words.Count == 0 ? null : string.Join(' ', words);
    }

    /// <summary>A tag as a phrase, to narrow a search; empty when there is no word in it.</summary>
    public static string ToPhrase(string tag) => string.Join(' ', Split(tag).Select(word => $"\"{word}\""));

    private static IEnumerable<string> Split(string text)
    {
        var word = new StringBuilder();
        foreach (var rune in text.Length <= MaxQueryLength ? text.EnumerateRunes() : text[..MaxQueryLength].EnumerateRunes())
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

    // At least what the index's tokenizer takes for a word (letters, numbers, symbols such as emoji) and the marks inside of one.
    // Where the tokenizer splits further, the quotes make a phrase of it. Quotes and control characters are never part of a word.
    private static bool IsOfWord(Rune rune) => rune != Rune.ReplacementChar && Rune.GetUnicodeCategory(rune) is
        UnicodeCategory.UppercaseLetter or UnicodeCategory.LowercaseLetter or UnicodeCategory.TitlecaseLetter
        or UnicodeCategory.ModifierLetter or UnicodeCategory.OtherLetter
        or UnicodeCategory.DecimalDigitNumber or UnicodeCategory.LetterNumber or UnicodeCategory.OtherNumber
        or UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.EnclosingMark
        or UnicodeCategory.OtherSymbol or UnicodeCategory.PrivateUse;
}
