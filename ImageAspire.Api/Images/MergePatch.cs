using System.Globalization;
using System.Text.Json;
using ImageAspire.Api.Http;
using ImageAspire.Core.Images;
using ImageAspire.Core.Lifecycle;
using Microsoft.Net.Http.Headers;

namespace ImageAspire.Api.Images;

/// <summary>A JSON merge patch (RFC 7396) of the members that people may change.</summary>
/// <param name="Name">New name; null to leave it.</param>
/// <param name="Tags">New tags; null to leave them.</param>
/// <param name="Archived">Put away or take back; null to leave it.</param>
internal sealed record MergePatch(string? Name, IReadOnlyList<string>? Tags, bool? Archived)
{
    private const int MaxBody = 64 * 1024;
    private const int MaxTags = 50;
    private const int MaxTagLength = 64;

    /// <summary>The moves, in order.</summary>
    public IEnumerable<Func<ImageRecord, Cause, Transition?>> Steps()
    {
        if (Name is not null || Tags is not null || Archived is null)
            yield return Edit;
        if (Archived is not null)
            yield return Archive;
    }

    /// <summary>Reads and checks a patch; the problem when it is not one.</summary>
    public static async Task<(MergePatch? Patch, ProblemResult? Problem)> ReadAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        if (!MediaTypeHeaderValue.TryParse(request.ContentType, out var type) || type.MediaType.Value is not ("application/merge-patch+json" or "application/json"))
            return (null, Problems.Of(415, ProblemCodes.UnsupportedMediaType, "Send application/merge-patch+json."));
        var (json, problem) = await JsonBody.ReadObjectAsync(request, MaxBody, "name, tags or archived", cancellationToken);
        if (json is null)
            return (null, problem);
        using (json)
            return Read(json.RootElement);
    }

    private Transition? Edit(ImageRecord record, Cause cause) => ImageLifecycle.Edit(record, Name, Tags, cause);

    private Transition? Archive(ImageRecord record, Cause cause) =>
        Archived == true ? ImageLifecycle.Archive(record, cause) : ImageLifecycle.Restore(record, cause);

    private static (MergePatch? Patch, ProblemResult? Problem) Read(JsonElement root)
    {
        var patch = new MergePatch(null, null, null);
        foreach (var member in root.EnumerateObject())
        {
            ProblemResult? problem;
            (patch, problem) = member.Name switch
            {
                "name" => ReadName(patch, member.Value),
                "tags" => ReadTags(patch, member.Value),
                "archived" when member.Value.ValueKind is JsonValueKind.True or JsonValueKind.False => (patch with { Archived = member.Value.GetBoolean() }, null),
                "archived" => (patch, Problems.BadRequest(ProblemCodes.InvalidParameter, "archived must be true or false.")),
                _ => (patch, Problems.BadRequest(ProblemCodes.UnknownMember, $"'{Shorten(member.Name)}' cannot be changed. Members that can be: name, tags, archived.")),
            };
            if (problem is not null)
                return (null, problem);
        }

        return (patch, null);
    }

    private static (MergePatch Patch, ProblemResult? Problem) ReadName(MergePatch patch, JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.String || string.IsNullOrWhiteSpace(value.GetString()) || value.GetString()!.Length > ImageName.MaxLength)
            return (patch, Problems.BadRequest(ProblemCodes.InvalidName, $"name must be a text of 1 to {ImageName.MaxLength} characters."));
        return (patch with { Name = ImageName.Clean(value.GetString()) }, null);
    }

    private static (MergePatch Patch, ProblemResult? Problem) ReadTags(MergePatch patch, JsonElement value)
    {
        if (value.ValueKind == JsonValueKind.Null)
            return (patch with { Tags = [] }, null);
        var bad = Problems.BadRequest(ProblemCodes.InvalidTags,
            $"tags must be a list of up to {MaxTags} texts of 1 to {MaxTagLength} characters, without control characters.");
        if (value.ValueKind != JsonValueKind.Array || value.GetArrayLength() > MaxTags)
            return (patch, bad);
        var tags = new List<string>();
        foreach (var one in value.EnumerateArray())
        {
            var tag = one.ValueKind == JsonValueKind.String ? one.GetString()!.Trim().ToLower(CultureInfo.InvariantCulture) : "";
            if (tag.Length is 0 or > MaxTagLength || tag.Any(char.IsControl))
                return (patch, bad);
            if (!tags.Contains(tag))
                tags.Add(tag);
        }

        return (patch with { Tags = tags }, null);
    }

    private static string Shorten(string text) => text.Length <= 50 ? text : text[..50] + "…";
}
