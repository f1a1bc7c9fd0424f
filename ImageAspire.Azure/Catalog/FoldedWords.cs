using System.Text;
using System.Text.RegularExpressions;
using ImageAspire.Core.Images;
using MongoDB.Bson;
using MongoDB.Driver;

namespace ImageAspire.Azure.Catalog;

/// <summary>
/// The words of a record and of a search, folded alike: lower case, without accents. MongoDB's own text index finds whole words and stems
/// only, but users type prefixes. So the words are an array with an ordinary index, and a search is an anchored prefix. Accents are
/// folded as in the embedded backend's index (Latin letters), from a table, because the runtime has no normalisation without ICU.
/// </summary>
internal static class FoldedWords
{
    /// <summary>Largest number of different words of a record, and of characters of a word, that are indexed.</summary>
    public const int MaxWords = 1_000, MaxLength = 64;

    // The first letter of each row stands for the others. Source: the canonical decompositions of Unicode 15, lower case,
    // blocks Latin-1 to Extended-B and Extended Additional, whose base is an ASCII letter.
    private static readonly string[] Rows =
    [
        "aàáâãäåāăąǎǟǡǻȁȃȧḁạảấầẩẫậắằẳẵặ",
        "bḃḅḇ",
        "cçćĉċčḉ",
        "dďḋḍḏḑḓ",
        "eèéêëēĕėęěȅȇȩḕḗḙḛḝẹẻẽếềểễệ",
        "fḟ",
        "gĝğġģǧǵḡ",
        "hĥȟḣḥḧḩḫẖ",
        "iìíîïĩīĭįİǐȉȋḭḯỉị",
        "jĵǰ",
        "kķǩḱḳḵ",
        "lĺļľḷḹḻḽ",
        "mḿṁṃ",
        "nñńņňǹṅṇṉṋ",
        "oòóôõöōŏőơǒǫǭȍȏȫȭȯȱṍṏṑṓọỏốồổỗộớờởỡợ",
        "pṕṗ",
        "rŕŗřȑȓṙṛṝṟ",
        "sśŝşšșṡṣṥṧṩ",
        "tţťțṫṭṯṱẗ",
        "uùúûüũūŭůűųưǔǖǘǚǜȕȗṳṵṷṹṻụủứừửữự",
        "vṽṿ",
        "wŵẁẃẅẇẉẘ",
        "xẋẍ",
        "yýÿŷȳẏẙỳỵỷỹ",
        "zźżžẑẓẕ",
    ];

    private static readonly Dictionary<int, char> Bases = Rows.SelectMany(row => row[1..].Select(c => (Letter: (int)c, Base: row[0])))
        .ToDictionary(pair => pair.Letter, pair => pair.Base);

    /// <summary>The distinct words of a record.</summary>
    public static IEnumerable<string> Of(ImageRecord record) => Fold(SearchText.Words(SearchText.Of(record))).Distinct(StringComparer.Ordinal).Take(MaxWords);

    /// <summary>The distinct words of a record's camera.</summary>
    public static IEnumerable<string> OfCamera(ImageRecord record) =>
        Fold(SearchText.Words(SearchText.OfCamera(record) ?? "")).Distinct(StringComparer.Ordinal).Take(MaxWords);

    /// <summary>
    /// The conditions of a search for a camera, one for each word: an anchored regular expression that begins the word literally, which MongoDB
    /// answers from a range of the index. The text is escaped, so it is never an expression. None: the search finds nothing.
    /// </summary>
    public static IReadOnlyList<BsonRegularExpression> Prefixes(string text) =>
        [.. Fold(SearchText.QueryWords(text)).Distinct(StringComparer.Ordinal).Select(word => new BsonRegularExpression("^" + Regex.Escape(word)))];

    /// <summary>
    /// The conditions of a search on <c>find.words</c>, one for each of its words: that one, or a run of it and its neighbours
    /// (<see cref="SearchText.JoinedRuns"/>), begins a word. None: the search finds nothing.
    /// </summary>
    public static IReadOnlyList<FilterDefinition<BsonDocument>> Conditions(string text)
    {
        List<string> words = [.. Fold(SearchText.QueryWords(text))];
        var runs = SearchText.JoinedRuns(words);
        return [.. words.Select((word, i) => (Word: word, Runs: runs[i])).DistinctBy(one => (one.Word, string.Join(' ', one.Runs)))
            .Select(one => one.Runs.Count == 0 ? Begins(one.Word) : Builders<BsonDocument>.Filter.Or(one.Runs.Select(run => Begins(Fold(run))).Prepend(Begins(one.Word))))];
    }

    private static FilterDefinition<BsonDocument> Begins(string word) =>
        Builders<BsonDocument>.Filter.Regex("find.words", new BsonRegularExpression("^" + Regex.Escape(word)));

    private static IEnumerable<string> Fold(IEnumerable<string> words) => words.Select(Fold).Where(word => word.Length > 0);

    private static string Fold(string word)
    {
        var folded = new StringBuilder(word.Length);
        foreach (var rune in word.EnumerateRunes())
        {
            if (IsAccent(rune.Value))
                continue;
            var lower = Rune.ToLowerInvariant(rune);
            if (folded.Length + lower.Utf16SequenceLength > MaxLength)
                break;
            folded.Append(Bases.TryGetValue(lower.Value, out var letter) ? letter.ToString() : lower.ToString());
        }

        return folded.ToString();
    }

    // Combining diacritical marks and their supplements, and variation selectors, which choose between text and emoji.
    private static bool IsAccent(int c) => c is (>= 0x0300 and <= 0x036F) or (>= 0x1AB0 and <= 0x1AFF) or (>= 0x1DC0 and <= 0x1DFF)
        or (>= 0x20D0 and <= 0x20FF) or (>= 0xFE00 and <= 0xFE0F) or (>= 0xFE20 and <= 0xFE2F);
}
