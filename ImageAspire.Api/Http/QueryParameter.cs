using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.OpenApi;

namespace ImageAspire.Api.Http;

/// <summary>The query parameters of an endpoint, for the OpenAPI document.</summary>
internal sealed record QueryParameters(params QueryParameter[] All);

/// <summary>A query parameter: its schema in the OpenAPI document.</summary>
/// <param name="Name">Name in the query string.</param>
/// <param name="Schema">Its schema.</param>
internal abstract record QueryParameter(string Name, OpenApiSchema Schema)
{
    /// <summary>Where a page begins.</summary>
    public static QueryParameter<string?> Cursor { get; } = Text("cursor", 4000);

    /// <summary>Any text.</summary>
    /// <param name="name">Name in the query string.</param>
    /// <param name="maxLength">Most characters; a longer one is a problem.</param>
    public static QueryParameter<string?> Text(string name, int maxLength = int.MaxValue) => new(name, new OpenApiSchema { Type = JsonSchemaType.String }, null,
        text => text.Length <= maxLength ? text : Problems.BadRequest(ProblemCodes.InvalidParameter, $"{name} may have {maxLength} characters at most."));

    /// <summary>The size of a page.</summary>
    public static QueryParameter<int> Limit(int most, int usual) => new("limit", new OpenApiSchema
    {
        Type = JsonSchemaType.Integer, Format = "int32", Minimum = "1", Maximum = FormattableString.Invariant($"{most}"), Default = usual,
    }, usual, text => int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var limit) && limit >= 1 && limit <= most
        ? limit : Problems.BadRequest(ProblemCodes.InvalidLimit, $"limit must be a whole number from 1 to {most}."));

    /// <summary>A time as in RFC 3339; UTC when it has no offset.</summary>
    public static QueryParameter<DateTimeOffset?> Time(string name) => new(name, Formatted("date-time"), null, text =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time)
            ? time : Invalid(name, "a time as in RFC 3339, for example 2026-03-01T12:00:00Z"));

    /// <summary>A day, <c>yyyy-MM-dd</c>.</summary>
    public static QueryParameter<DateOnly?> Day(string name) => new(name, Formatted("date"), null, text =>
        DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)
            ? day : Invalid(name, "a day, for example 2026-03-01"));

    /// <summary>An id.</summary>
    /// <param name="name">Name in the query string.</param>
    /// <param name="what">What it identifies, for the problem.</param>
    public static QueryParameter<Guid?> Id(string name, string what) => new(name, Formatted("uuid"), null, text =>
        Guid.TryParseExact(text, "D", out var id) ? id : Invalid(name, $"the id of {what}"));

    /// <summary>One of a few words, in any case.</summary>
    public static QueryParameter<T> OneOf<T>(string name, T whenAbsent, string? usual, params (string Word, T Value)[] words) =>
        new(name, Words(usual, words.Select(one => one.Word)), whenAbsent, text => Array.Find(words, one => one.Word.Equals(text, StringComparison.OrdinalIgnoreCase)) is { Word: not null } known
            ? known.Value : Invalid(name, Enumerate([.. words.Select(one => one.Word)])));

    /// <summary>A text for which the document suggests values.</summary>
    public static QueryParameter<string?> Suggested(string name, IEnumerable<string> values, int maxLength = int.MaxValue) =>
        Text(name, maxLength) with { Schema = Words(null, values) };

    /// <summary>The problem of a value that is not understood.</summary>
    public static ProblemResult Invalid(string name, string expected) => Problems.BadRequest(ProblemCodes.InvalidParameter, $"{name} must be {expected}.");

    private static OpenApiSchema Words(string? usual, IEnumerable<string> words) =>
        new() { Type = JsonSchemaType.String, Enum = [.. words.Select(word => (JsonNode)word)], Default = usual };

    private static OpenApiSchema Formatted(string format) => new() { Type = JsonSchemaType.String, Format = format };

    private static string Enumerate(string[] words) => words.Length == 1 ? words[0] : $"{string.Join(", ", words[..^1])} or {words[^1]}";
}

/// <summary>A query parameter with its parser.</summary>
/// <param name="Name">Name in the query string.</param>
/// <param name="Schema">Its schema.</param>
/// <param name="WhenAbsent">The value when it is absent or empty.</param>
/// <param name="Parse">Parses its text, or names the problem.</param>
internal sealed record QueryParameter<T>(string Name, OpenApiSchema Schema, T WhenAbsent, Func<string, Parsed<T>> Parse) : QueryParameter(Name, Schema);

/// <summary>Reads query parameters, and keeps the first problem.</summary>
internal sealed class QueryReader(IQueryCollection query)
{
    /// <summary>The first parameter that was not understood; null when all were.</summary>
    public ProblemResult? Problem { get; private set; }

    /// <summary>The value of a parameter; its value when absent after a problem.</summary>
    public T Get<T>(QueryParameter<T> parameter)
    {
        if (query[parameter.Name].ToString() is not { Length: > 0 } text)
            return parameter.WhenAbsent;
        // Numbers with it at their end would be read as if it were not there.
        if (text.Contains('\0'))
        {
            Problem ??= QueryParameter.Invalid(parameter.Name, "without the character NUL");
            return parameter.WhenAbsent;
        }

        var parsed = parameter.Parse(text);
        Problem ??= parsed.Problem;
        return parsed.Problem is null ? parsed.Value! : parameter.WhenAbsent;
    }
}
