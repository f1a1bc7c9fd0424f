using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using MongoDB.Bson;

namespace ImageAspire.Azure.Mongo;

/// <summary>
/// The domain's own JSON as BSON and back: the same names, absent stays absent, unknown members are ignored. So a new member of a record
/// needs no change here. Times become BSON dates; both forms have milliseconds. When a photo was taken stays text, because its offset belongs to it. BSON cannot store invalid Unicode; JSON has already
/// replaced it by U+FFFD.
/// </summary>
internal static class BsonJson
{
    private const string TimeFormat = "yyyy-MM-dd'T'HH:mm:ss.fff'Z'";

    // The domain's members that are times, at any level. No record contains a dictionary, so all names are ours.
    private static readonly HashSet<string> Times = new(["uploadedAt", "updatedAt", "archivedAt", "deletedAt", "purgeAt", "analyzedAt", "at"], StringComparer.Ordinal);

    /// <summary>A value of the domain as a document.</summary>
    public static BsonDocument Write<T>(T value, JsonTypeInfo<T> type)
    {
        using var json = JsonSerializer.SerializeToDocument(value, type);
        return WriteObject(json.RootElement);
    }

    /// <summary>The value in a document.</summary>
    /// <exception cref="FormatException">The document lacks a required member or has one of another type.</exception>
    public static T Read<T>(BsonDocument document, JsonTypeInfo<T> type)
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes, new JsonWriterOptions { SkipValidation = true }))
            WriteValue(json, document);
        try
        {
            return JsonSerializer.Deserialize(bytes.GetBuffer().AsSpan(0, (int)bytes.Length), type)!;
        }
        catch (JsonException error)
        {
            throw new FormatException($"A stored document is not a {typeof(T).Name}: {error.Message}", error);
        }
    }

    private static BsonDocument WriteObject(JsonElement json)
    {
        var document = new BsonDocument();
        foreach (var member in json.EnumerateObject())
            document.Add(member.Name, WriteMember(member.Name, member.Value));
        return document;
    }

    private static BsonValue WriteMember(string name, JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.String when Times.Contains(name) => Date(json.GetDateTimeOffset()),
        JsonValueKind.String => json.GetString()!,
        JsonValueKind.Number => json.TryGetInt64(out var whole) ? new BsonInt64(whole) : new BsonDouble(json.GetDouble()),
        JsonValueKind.True => BsonBoolean.True,
        JsonValueKind.False => BsonBoolean.False,
        JsonValueKind.Array => new BsonArray(json.EnumerateArray().Select(item => WriteMember("", item))),
        JsonValueKind.Object => WriteObject(json),
        _ => BsonNull.Value,
    };

    /// <summary>A time as BSON, to the millisecond.</summary>
    public static BsonDateTime Date(DateTimeOffset time) => new(time.ToUnixTimeMilliseconds());

    private static void WriteValue(Utf8JsonWriter json, BsonValue value)
    {
        switch (value)
        {
            case BsonDocument document:
                json.WriteStartObject();
                foreach (var element in document)
                {
                    json.WritePropertyName(element.Name);
                    WriteValue(json, element.Value);
                }

                json.WriteEndObject();
                break;
            case BsonArray array:
                json.WriteStartArray();
                foreach (var item in array)
                    WriteValue(json, item);
                json.WriteEndArray();
                break;
            case BsonString text:
                json.WriteStringValue(text.Value);
                break;
            case BsonDateTime time:
                json.WriteStringValue(DateTimeOffset.FromUnixTimeMilliseconds(time.MillisecondsSinceEpoch).ToString(TimeFormat, CultureInfo.InvariantCulture));
                break;
            case BsonInt64 or BsonInt32:
                json.WriteNumberValue(value.ToInt64());
                break;
            case BsonDouble number when double.IsFinite(number.Value):
                json.WriteNumberValue(number.Value);
                break;
            case BsonBoolean yes:
                json.WriteBooleanValue(yes.Value);
                break;
            default:
                json.WriteNullValue(); // null, or a type that no member of ours has
                break;
        }
    }
}
