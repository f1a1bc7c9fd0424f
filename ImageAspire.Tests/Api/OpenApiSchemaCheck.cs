using System.Text.Json;
using System.Text.Json.Nodes;

namespace ImageAspire.Tests.Api;

/// <summary>The part of JSON Schema that our document uses: references, types, enums, members and what is required.</summary>
internal static class OpenApiSchemaCheck
{
    /// <summary>What does not fit, with its place; members that the schema does not name do not fit either.</summary>
    public static List<string> Errors(JsonNode document, JsonNode schema, JsonNode? value)
    {
        var errors = new List<string>();
        Check(document, [schema], value, "$", errors);
        return errors;
    }

    /// <summary>Whether null is one of the types.</summary>
    public static bool MayBeNull(JsonNode schema) =>
        Types(schema).Contains("null") || schema["oneOf"]?.AsArray().Any(one => Types(one!).Contains("null")) == true;

    private static void Check(JsonNode document, IReadOnlyList<JsonNode> schemas, JsonNode? value, string place, List<string> errors)
    {
        var all = schemas.SelectMany(schema => Flat(document, schema, value)).ToList();
        var known = new HashSet<string>();
        foreach (var schema in all)
        {
            if (Types(schema) is { Count: > 0 } types && !types.Any(type => Fits(type, value)))
                errors.Add($"{place} is {value?.ToJsonString() ?? "null"}, not {string.Join('|', types)}");
            if (schema["enum"] is JsonArray values && !values.Any(one => JsonNode.DeepEquals(one, value)))
                errors.Add($"{place} is {value?.ToJsonString()}, not one of {values.ToJsonString()}");
            foreach (var name in schema["required"]?.AsArray() ?? [])
            {
                if (value is JsonObject one && !one.ContainsKey((string)name!))
                    errors.Add($"{place}.{name} is missing");
            }

            foreach (var (name, member) in schema["properties"]?.AsObject() ?? [])
            {
                known.Add(name);
                if (value is JsonObject one && one.TryGetPropertyValue(name, out var inner))
                    Check(document, [member!], inner, $"{place}.{name}", errors);
            }

            if (schema["items"] is { } items && value is JsonArray array)
            {
                for (var i = 0; i < array.Count; i++)
                    Check(document, [items], array[i], $"{place}[{i}]", errors);
            }
        }

        if (value is JsonObject whole && !all.Exists(schema => schema["additionalProperties"] is not null))
            errors.AddRange(whole.Select(member => member.Key).Where(name => !known.Contains(name)).Select(name => $"{place}.{name} is not in the document"));
    }

    // The schema without references and combinations; of several alternatives, those that may hold such a value.
    private static IEnumerable<JsonNode> Flat(JsonNode document, JsonNode schema, JsonNode? value)
    {
        if ((string?)schema["$ref"] is { } reference)
            return Flat(document, document["components"]!["schemas"]![reference.Split('/')[^1]]!, value);
        if (schema["oneOf"] is JsonArray alternatives)
            return alternatives.Where(one => value is null == Types(one!).Contains("null")).SelectMany(one => Flat(document, one!, value));
        return schema["allOf"] is JsonArray parts ? parts.SelectMany(one => Flat(document, one!, value)) : [schema];
    }

    private static List<string> Types(JsonNode schema) => schema["type"] switch
    {
        JsonArray several => [.. several.Select(one => (string)one!)],
        JsonValue one => [(string)one!],
        _ => [],
    };

    private static bool Fits(string type, JsonNode? value) => (type, value?.GetValueKind()) switch
    {
        ("null", null) or ("object", JsonValueKind.Object) or ("array", JsonValueKind.Array) or ("string", JsonValueKind.String) => true,
        ("boolean", JsonValueKind.True or JsonValueKind.False) or ("number", JsonValueKind.Number) => true,
        ("integer", JsonValueKind.Number) => long.TryParse(value!.ToJsonString(), out _),
        _ => false,
    };
}
