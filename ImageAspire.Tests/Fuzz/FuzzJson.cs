using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace ImageAspire.Tests.Fuzz;

/// <summary>JSON bodies: first what the schema allows, then damaged.</summary>
internal sealed class FuzzJson(JsonNode document)
{
    private const int MaxDepth = 6;

    /// <summary>The bytes of a body.</summary>
    public byte[] Body(JsonNode schema, Random random)
    {
        var text = (Value(schema, random, 0) ?? JsonValue.Create("x")!).ToJsonString();
        return random.Next(8) switch
        {
            0 => Damage(Encoding.UTF8.GetBytes(text), random),
            1 => Encoding.UTF8.GetBytes(text[..random.Next(text.Length + 1)]),
            2 => Encoding.UTF8.GetBytes(text.Replace("word", "\\ud800", StringComparison.Ordinal)), // half of a surrogate pair
            3 => Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("[", random.Next(1, 400))) + text),
            4 => Encoding.Unicode.GetBytes(text),
            _ => Encoding.UTF8.GetBytes(text),
        };
    }

    /// <summary>A value: mostly of the schema, sometimes of another type.</summary>
    public JsonNode? Value(JsonNode schema, Random random, int depth)
    {
        if (depth > MaxDepth || random.Next(12) == 0)
            return Other(random);
        if ((string?)schema["$ref"] is { } reference)
            return Value(document["components"]!["schemas"]![reference.Split('/')[^1]]!, random, depth + 1);
        if ((schema["oneOf"] ?? schema["anyOf"]) is JsonArray { Count: > 0 } alternatives)
            return Value(alternatives[random.Next(alternatives.Count)]!, random, depth + 1);
        if (schema["enum"] is JsonArray { Count: > 0 } values)
            return values[random.Next(values.Count)]?.DeepClone();
        return TypeOf(schema, random) switch
        {
            "object" => Object(schema, random, depth),
            "array" => new JsonArray([.. Enumerable.Range(0, random.Next(4)).Select(_ => schema["items"] is { } items ? Value(items, random, depth + 1) : Other(random))]),
            "integer" or "number" => JsonValue.Create(random.Next(3) == 0 ? random.NextInt64() : random.Next(-2, 500)),
            "boolean" => JsonValue.Create(random.Next(2) == 0),
            "null" => null,
            _ => JsonValue.Create(Text(schema, random)),
        };
    }

    /// <summary>A text for a schema: the right format, a word, or a hostile one.</summary>
    public static string Text(JsonNode schema, Random random) => ((string?)schema["format"], random.Next(3)) switch
    {
        ("uuid", > 0) => Guid.CreateVersion7().ToString(),
        ("date-time", > 0) => DateTimeOffset.UnixEpoch.AddSeconds(random.NextInt64(0, 4_000_000_000)).ToString("O"),
        ("date", > 0) => DateOnly.FromDayNumber(random.Next(700_000, 800_000)).ToString("O"),
        ("uri", > 0) => $"https://example.org/{random.Next(100)}",
        (_, 1) => FuzzText.Word(random),
        _ => FuzzText.Any(random),
    };

    private JsonObject Object(JsonNode schema, Random random, int depth)
    {
        var made = new JsonObject();
        foreach (var (name, member) in schema["properties"]?.AsObject() ?? [])
        {
            if (random.Next(4) > 0)
                made[name] = Value(member!, random, depth + 1);
        }

        if (random.Next(10) == 0)
            made[FuzzText.Any(random)] = Other(random);
        return made;
    }

    private static JsonNode? Other(Random random) => random.Next(8) switch
    {
        0 => null,
        1 => new JsonObject(),
        2 => new JsonArray(),
        3 => JsonValue.Create(random.NextDouble() * 1e300),
        4 => JsonValue.Create(random.NextInt64()),
        5 => JsonValue.Create(true),
        6 => JsonNode.Parse(JsonSerializer.Serialize(Enumerable.Range(0, random.Next(300)))),
        _ => JsonValue.Create(FuzzText.Any(random)),
    };

    private static string? TypeOf(JsonNode schema, Random random) => schema["type"] switch
    {
        JsonArray types => (string?)types[random.Next(types.Count)],
        { } type => (string?)type,
        null => schema["properties"] is null ? "string" : "object",
    };

    private static byte[] Damage(byte[] bytes, Random random)
    {
        for (var i = random.Next(1, 5); i > 0 && bytes.Length > 0; i--)
            bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
        return bytes;
    }
}
