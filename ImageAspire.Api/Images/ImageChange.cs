using System.Globalization;
using System.Text.Json;
using ImageAspire.Api.Http;
using ImageAspire.Core.Images;
using ImageAspire.Core.Lifecycle;

namespace ImageAspire.Api.Images;

/// <summary>A change of the members of an image that callers may set.</summary>
/// <param name="Name">New name; null leaves it.</param>
/// <param name="Tags">New tags; null leaves them.</param>
/// <param name="Archived">True archives the image, false restores it; null leaves it.</param>
internal sealed record ImageChange(string? Name = null, IReadOnlyList<string>? Tags = null, bool? Archived = null)
{
    private const int MaxBody = 64 * 1024;
    private const int MaxTags = 50;
    private const int MaxTagLength = 64;

    /// <summary>The body that it is read from: a JSON merge patch (RFC 7396).</summary>
    public static JsonBody<ImageChange> Body { get; } = new JsonBody<ImageChange>(new ImageChange(), MaxBody)
        .OfType("application/merge-patch+json", "application/json")
        .Member("name", ParseName, (change, name) => change with { Name = name })
        .Member("tags", ParseTags, (change, tags) => change with { Tags = tags })
        .Member("archived", JsonValues.Boolean, (change, archived) => change with { Archived = archived });

    /// <summary>The change as one transition of a record; null when it changes nothing.</summary>
    public Transition? Apply(ImageRecord record, Cause cause) => ImageLifecycle.Edit(record, Name, Tags, Archived, cause);

    private static Parsed<string> ParseName(string member, JsonElement json)
    {
        var name = json.TextOrEmpty();
        return string.IsNullOrWhiteSpace(name) || name.Length > ImageName.MaxLength
            ? Problems.BadRequest(ProblemCodes.InvalidName, $"{member} must be a text of 1 to {ImageName.MaxLength} characters.") : ImageName.Clean(name);
    }

    private static Parsed<List<string>> ParseTags(string member, JsonElement json)
    {
        if (json.ValueKind == JsonValueKind.Null)
            return new List<string>();
        var tags = json.ValueKind != JsonValueKind.Array ? null : json.EnumerateArray().Select(one => one.TextOrEmpty().Trim().ToLower(CultureInfo.InvariantCulture)).ToList();
        return tags is { Count: <= MaxTags } && tags.TrueForAll(tag => tag.Length is > 0 and <= MaxTagLength && !tag.EnumerateRunes().Any(ImageName.IsDisguise))
            ? tags.Distinct().ToList()
            : Problems.BadRequest(ProblemCodes.InvalidTags, $"{member} must be a list of up to {MaxTags} texts of 1 to {MaxTagLength} characters, without control or invisible characters.");
    }
}
