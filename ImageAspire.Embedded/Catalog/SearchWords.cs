using System.Globalization;
using System.Text;
using ImageAspire.Core.Images;
using ImageAspire.Embedded.Database;

namespace ImageAspire.Embedded.Catalog;

/// <summary>Words for the full-text index, and a person's search as a query of it.</summary>
internal static class SearchWords
{
    private const int MaxIndexed = 8 * 1024;
    private const int MaxQueryLength = 256;
    private const int MaxWords = 16;
    private const string LastCharacter = "\U0010FFFF";
    private const int MaxLonger = 32;
    private const int MaxIndexedPrefix = 3; // as in the schema

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

    /// <summary>The words of a search; only the first 16 of the first 256 characters count. None: such a search finds nothing.</summary>
    public static IReadOnlyList<string> In(string text) => [.. Split(text).Take(MaxWords)];

    /// <summary>
    /// A query of the full-text index: all words must be there, each as the beginning of a word.
    /// Every word is quoted, so that none is an operator.
    /// </summary>
    public static string ToMatch(SqliteSession session, IReadOnlyList<string> words) =>
        string.Join(" AND ", words.Select(word => Longer(session, word) is { } terms
            ? "(" + string.Join(" OR ", terms.Select(term => $"\"{term}\"")) + ")"
            : $"\"{word}\"*"));

    /// <summary>
    /// A tag as a phrase, to narrow a search; null when there is no word in it. Not for other scripts than ASCII:
    /// a letter that the tokenizer does not know would leave an empty phrase, which nothing matches.
    /// </summary>
    public static string? ToPhrase(string tag) =>
        Ascii.IsValid(tag) && string.Join(' ', Split(tag)) is { Length: > 0 } words ? $"\"{words}\"" : null;

    /// <summary>
    /// The words in the index that begin with this one, when they are few. For a prefix without an index of its own (over three
    /// characters) FTS5 collects every match before it gives the first; for whole words it walks, and stops when the page is full.
    /// Null when they are many, or when the word is not plain ASCII: only the tokenizer knows how it folds the others.
    /// </summary>
    private static List<string>? Longer(SqliteSession session, string word)
    {
        if (word.Length <= MaxIndexedPrefix || !word.All(char.IsAsciiLetterOrDigit))
            return null;
        var prefix = word.ToLowerInvariant();
        var longer = session.Query("SELECT word FROM words WHERE word>=@1 AND word<@2 LIMIT @3",
            row => row.GetString(0), prefix, prefix + LastCharacter, MaxLonger + 1);
        return longer.Count is 0 or > MaxLonger ? null : longer;
    }

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
