using ImageAspire.Core.Images;

namespace ImageAspire.Core.Pipeline;

/// <summary>
/// The phrases by which an image is found by meaning. Each gets a vector of its own, because the meaning of one thing is lost in a
/// list of several (docs/search.md has the measurements): each thing that was seen, the text in the image, and what people wrote into the file.
/// Measured facts and categories are left out: nearly everything is a bit like "indoor" or "bright".
/// </summary>
public static class SeenPhrases
{
    private const int MaxThings = 8, MaxLength = 400;
    private const double MinConfidence = 0.3;

    // COCO's super-categories as the local service has them; a search for these words finds their tags.
    private static readonly HashSet<string> Categories =
        ["animal", "vehicle", "outdoor", "indoor", "accessory", "sports", "kitchen", "food", "furniture", "electronic", "appliance", "text"];

    /// <summary>The phrases, things first; none for an image of which nothing is known.</summary>
    public static IReadOnlyList<string> Of(ImageRecord record, ImageAnalysis analysis)
    {
        ArgumentNullException.ThrowIfNull(record);
        ArgumentNullException.ThrowIfNull(analysis);
        // An object named "orange" is a fruit; a tag of that name is a colour.
        var tags = analysis.Tags.Where(tag => !Categories.Contains(tag.Name) && !MeasuredFacts.Contains(tag.Name));
        var things = analysis.Objects.Select(one => new ImageTag(one.Name, one.Confidence)).Concat(tags).Where(tag => tag.Confidence >= MinConfidence)
            .OrderByDescending(tag => tag.Confidence).Select(tag => tag.Name).Distinct(StringComparer.Ordinal).Take(MaxThings);
        string?[] written = [record.Metadata?.Title, record.Metadata?.Description, .. record.Metadata?.Keywords ?? []];
        string[] texts = [string.Join(' ', analysis.Text.Select(line => line.Text)), string.Join(", ", written.Where(text => !string.IsNullOrWhiteSpace(text)).Select(text => text!.Trim()))];
        return [.. things.Concat(texts).Select(Clean).Where(text => text.Length > 1).Distinct(StringComparer.Ordinal)];
    }

    // One line of well-formed text.
    private static string Clean(string text)
    {
        var line = string.Join(' ', text.Split([' ', '\n', '\r', '\t', '\0'], StringSplitOptions.RemoveEmptyEntries));
        if (line.Length > MaxLength)
            line = line[..(char.IsHighSurrogate(line[MaxLength - 1]) ? MaxLength - 1 : MaxLength)];
        return line;
    }
}
