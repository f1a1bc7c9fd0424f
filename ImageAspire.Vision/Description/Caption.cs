using ImageAspire.Vision.Analysis;
using ImageAspire.Vision.Objects;

namespace ImageAspire.Vision.Description;

/// <summary>One sentence that says what was detected and measured, and nothing else: "Two people and a dog, bright, mostly green."</summary>
internal static class Caption
{
    private const int MostKinds = 4;
    private const double OfMeasuredFacts = 0.5; // confidence
    private static readonly string[] Numbers = ["two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"];
    private static readonly string[] Uncounted = ["skis", "scissors", "broccoli"];

    private static readonly Dictionary<string, string> Plurals = new()
    {
        ["person"] = "people", ["bus"] = "buses", ["bench"] = "benches", ["sheep"] = "sheep", ["wine glass"] = "wine glasses", ["knife"] = "knives",
        ["sandwich"] = "sandwiches", ["couch"] = "couches", ["toothbrush"] = "toothbrushes", ["mouse"] = "mice",
    };

    /// <summary>The caption, as sure as its least sure part.</summary>
    public static Claim Of(IReadOnlyList<SeenObject> objects, MeasuredFacts facts)
    {
        var kinds = objects.GroupBy(one => one.Name)
            .Select(group => (Name: group.Key, Count: group.Count(), Confidence: group.Max(one => one.Confidence)))
            .OrderByDescending(kind => kind.Name == CocoClasses.Person).ThenByDescending(kind => kind.Confidence).Take(MostKinds).ToList();
        var colours = facts.Colours.Count > 0 ? $"mostly {string.Join(" and ", facts.Colours)}" : null;
        return kinds.Count == 0
            ? new Claim(Sentence([WithArticle(string.Join(' ', [.. facts.Adjectives, "image"])), colours]), OfMeasuredFacts)
            : new Claim(Sentence([Listed([.. kinds.Select(kind => Counted(kind.Name, kind.Count))]), .. facts.Adjectives, colours]), kinds.Min(kind => kind.Confidence));
    }

    /// <summary>A phrase for so many things of a class: "a dog", "two people".</summary>
    internal static string Counted(string name, int count)
    {
        if (Uncounted.Contains(name))
            return name;
        return count == 1 ? WithArticle(name)
            : $"{(count - 2 < Numbers.Length ? Numbers[count - 2] : "many")} {Plurals.GetValueOrDefault(name, name + "s")}";
    }

    private static string WithArticle(string words) => $"{("aeiou".Contains(words[0]) ? "an" : "a")} {words}";

    private static string Listed(IReadOnlyList<string> names) => names.Count == 1 ? names[0] : $"{string.Join(", ", names.SkipLast(1))} and {names[^1]}";

    private static string Sentence(IEnumerable<string?> parts)
    {
        var text = string.Join(", ", parts.Where(part => part is not null));
        return $"{char.ToUpperInvariant(text[0])}{text[1..]}.";
    }
}
