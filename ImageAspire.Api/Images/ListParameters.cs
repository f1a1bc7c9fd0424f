using System.Globalization;
using ImageAspire.Api.Http;
using ImageAspire.Core.Images;
using ImageAspire.Core.Ports;

namespace ImageAspire.Api.Images;

/// <summary>Reads the query string of a list; every value that is not understood is an error that names the parameter.</summary>
internal static class ListParameters
{
    private const int MaxText = 1000;
    private const int UsualLimit = 50;

    /// <summary>The parameters that <see cref="Read"/> knows.</summary>
    public static IReadOnlyList<QueryParameter> All { get; } =
    [
        QueryParameter.Limit(ImageQuery.MaxLimit, UsualLimit), QueryParameter.Cursor,
        QueryParameter.OneOf("status", null, "received", "inspected", "analyzed", "rejected", "failed"),
        QueryParameter.Text("tag"), QueryParameter.Text("q"), QueryParameter.Time("from"), QueryParameter.Time("to"),
        QueryParameter.OneOf("archived", "false", "true", "false", "all"),
        QueryParameter.OneOf("sort", "newest", "newest", "oldest", "name", "largest"),
    ];

    public static ProblemResult? Read(IQueryCollection query, out ImageQuery wanted)
    {
        wanted = new ImageQuery
        {
            Cursor = Text(query, "cursor"), Tag = Text(query, "tag")?.Trim().ToLowerInvariant(), Text = Text(query, "q"),
        };
        if (!TryLimit(query, ImageQuery.MaxLimit, UsualLimit, out var limit))
            return BadLimit(ImageQuery.MaxLimit);
        if (wanted is { Text.Length: > MaxText } or { Tag.Length: > MaxText } or { Cursor.Length: > MaxText * 4 })
            return Problems.BadRequest(ProblemCodes.InvalidParameter, $"q and tag may have {MaxText} characters at most.");
        if (!TryEnum<ImageStatus>(query, "status", out var status))
            return Bad("status", "received, inspected, analyzed, rejected or failed");
        if (!TryEnum<ImageSort>(query, "sort", out var sort))
            return Bad("sort", "newest, oldest, name or largest");
        if (!TryTime(query, "from", out var from))
            return Bad("from", "a time as in RFC 3339, for example 2026-03-01T12:00:00Z");
        if (!TryTime(query, "to", out var to))
            return Bad("to", "a time as in RFC 3339, for example 2026-03-01T12:00:00Z");
        var archived = Text(query, "archived")?.ToLowerInvariant();
        if (archived is not (null or "true" or "false" or "all"))
            return Bad("archived", "true, false or all");
        wanted = wanted with
        {
            Limit = limit, Status = status, Sort = sort ?? ImageSort.Newest, From = from, To = to,
            Archived = archived switch { "true" => true, "all" => null, _ => false },
        };
        return null;
    }

    public static bool TryLimit(IQueryCollection query, int most, int usual, out int limit)
    {
        limit = usual;
        return Text(query, "limit") is not { } text
            || (int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out limit) && limit >= 1 && limit <= most);
    }

    public static ProblemResult BadLimit(int most) => Problems.BadRequest(ProblemCodes.InvalidLimit, $"limit must be a whole number from 1 to {most}.");

    public static ProblemResult Bad(string parameter, string wanted) => Problems.BadRequest(ProblemCodes.InvalidParameter, $"{parameter} must be {wanted}.");

    public static string? Text(IQueryCollection query, string name) => query[name].ToString() is { Length: > 0 } text ? text : null;

    private static bool TryEnum<T>(IQueryCollection query, string name, out T? value)
        where T : struct, Enum
    {
        value = null;
        if (Text(query, name) is not { } text)
            return true;
        if (!text.All(char.IsAsciiLetter) || !Enum.TryParse<T>(text, ignoreCase: true, out var parsed))
            return false;
        value = parsed;
        return true;
    }

    public static bool TryTime(IQueryCollection query, string name, out DateTimeOffset? value)
    {
        value = null;
        if (Text(query, name) is not { } text)
            return true;
        var good = DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var parsed);
        value = good ? parsed : null;
        return good;
    }
}
