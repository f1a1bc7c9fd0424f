using System.Text.Json.Nodes;
using ImageAspire.Core.Events;
using Microsoft.OpenApi;

namespace ImageAspire.Api.Http;

/// <summary>Query parameters that an endpoint reads itself, for the OpenAPI document.</summary>
internal sealed record QueryParameters(params QueryParameter[] All);

/// <summary>One of them.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Schema">What it may be.</param>
internal sealed record QueryParameter(string Name, OpenApiSchema Schema)
{
    /// <summary>Where a page begins.</summary>
    public static readonly QueryParameter Cursor = Text("cursor");

    /// <summary>An event type.</summary>
    public static readonly QueryParameter EventType = OneOf("type", null, [.. ImageEventTypes.All]);

    public static QueryParameter Text(string name) => new(name, new OpenApiSchema { Type = JsonSchemaType.String });

    /// <summary>The size of a page.</summary>
    public static QueryParameter Limit(int most, int usual) => new("limit", new OpenApiSchema
    {
        Type = JsonSchemaType.Integer, Format = "int32", Minimum = "1", Maximum = FormattableString.Invariant($"{most}"), Default = usual,
    });

    /// <summary>A time as in RFC 3339.</summary>
    public static QueryParameter Time(string name) => Formatted(name, "date-time");

    /// <summary>A day, <c>yyyy-MM-dd</c>.</summary>
    public static QueryParameter Day(string name) => Formatted(name, "date");

    /// <summary>An id.</summary>
    public static QueryParameter Id(string name) => Formatted(name, "uuid");

    /// <summary>One of a few words.</summary>
    public static QueryParameter OneOf(string name, string? usual, params string[] values) => new(name, new OpenApiSchema
    {
        Type = JsonSchemaType.String, Enum = [.. values.Select(value => (JsonNode)value)], Default = usual,
    });

    /// <summary>One of a few whole numbers; the first is the usual one.</summary>
    public static QueryParameter OneOf(string name, params int[] values) => new(name, new OpenApiSchema
    {
        Type = JsonSchemaType.Integer, Format = "int32", Enum = [.. values.Select(value => (JsonNode)value)], Default = values[0],
    });

    private static QueryParameter Formatted(string name, string format) => new(name, new OpenApiSchema { Type = JsonSchemaType.String, Format = format });
}
