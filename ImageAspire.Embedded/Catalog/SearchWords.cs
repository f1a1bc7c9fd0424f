using System.Text;
using ImageAspire.Core.Images;
using ImageAspire.Embedded.Database;

namespace ImageAspire.Embedded.Catalog;

/// <summary>A person's search as a query of the full-text index. Where its tokenizer splits a word further, the quotes make a phrase of it.</summary>
internal static class SearchWords
{
    private const string LastCharacter = "\U0010FFFF";
    private const int MaxLonger = 32;
    private const int MaxIndexedPrefix = 3; // as in the schema

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
        Ascii.IsValid(tag) && string.Join(' ', SearchText.QueryWords(tag)) is { Length: > 0 } words ? $"\"{words}\"" : null;

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
}
