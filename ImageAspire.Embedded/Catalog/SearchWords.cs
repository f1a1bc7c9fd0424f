using System.Text;
using ImageAspire.Core.Images;
using ImageAspire.Embedded.Sqlite;

namespace ImageAspire.Embedded.Catalog;

/// <summary>A user's search text as a query of the full-text index. Where the tokenizer splits a word further, the quotes make it a phrase.</summary>
internal static class SearchWords
{
    private const string LastCharacter = "\U0010FFFF";
    private const int MaxWords = 32;
    private const int MaxIndexedPrefix = 3; // as in the schema

    /// <summary>
    /// A query of the full-text index: every word must be the prefix of an indexed word, alone or joined with its neighbours.
    /// Words are quoted, so that none is an operator.
    /// </summary>
    public static string ToMatch(SqliteSession session, IReadOnlyList<string> words)
    {
        var runs = SearchText.JoinedRuns(words);
        var joined = runs.SelectMany(run => run).Distinct(StringComparer.Ordinal).ToDictionary(run => run, run => Term(session, run), StringComparer.Ordinal);
        return string.Join(" AND ", words.Select((word, i) =>
        {
            string[] terms = [Term(session, word) ?? $"\"{word}\"*", .. runs[i].Select(run => joined[run]).OfType<string>()];
            return terms.Length == 1 ? terms[0] : "(" + string.Join(" OR ", terms) + ")";
        }));
    }

    // Null when no indexed word begins with it.
    private static string? Term(SqliteSession session, string word) => WordsWithPrefix(session, word) switch
    {
        null => $"\"{word}\"*",
        [] => null,
        var terms => "(" + string.Join(" OR ", terms.Select(term => $"\"{term}\"")) + ")",
    };

    /// <summary>The same of the index of cameras, which is small.</summary>
    public static string ToCameraMatch(IReadOnlyList<string> words) => string.Join(" AND ", words.Select(word => $"\"{word}\"*"));

    /// <summary>
    /// A tag as a phrase, to narrow a search; null when it contains no word. ASCII only: a letter unknown to the tokenizer would
    /// leave an empty phrase, which nothing matches.
    /// </summary>
    public static string? ToPhrase(string tag) =>
        Ascii.IsValid(tag) && string.Join(' ', SearchText.QueryWords(tag)) is { Length: > 0 } words ? $"\"{words}\"" : null;

    /// <summary>
    /// The indexed words with this prefix, when they are few. For a prefix without its own index (over three characters) FTS5 collects every
    /// match before it returns the first; whole words it scans, and stops when the page is full. Empty when there is none; null when they are many, or when the word
    /// is not ASCII: only the tokenizer knows how it folds other letters.
    /// </summary>
    private static List<string>? WordsWithPrefix(SqliteSession session, string word)
    {
        if (word.Length <= MaxIndexedPrefix || !word.All(char.IsAsciiLetterOrDigit))
            return null;
        var prefix = word.ToLowerInvariant();
        var found = session.Query("SELECT word FROM words WHERE word>=@1 AND word<@2 LIMIT @3",
            row => row.GetString(0), prefix, prefix + LastCharacter, MaxWords + 1);
        return found.Count > MaxWords ? null : found;
    }
}
