using System.Text.Json;
using System.Text.Json.Serialization;
using ImageAspire.Api.Http;
using ImageAspire.Core.Images;
using ImageAspire.Core.Json;
using Microsoft.Net.Http.Headers;

namespace ImageAspire.Api.Images;

/// <summary>A record as the API answers it, with <c>duplicate: true</c> when an upload found its bytes already there.</summary>
[JsonConverter(typeof(ImageAnswerConverter))]
public sealed record ImageAnswer
{
    /// <summary>The record; its members stand at the top level of the JSON.</summary>
    public required ImageRecord Record { get; init; }

    /// <summary>True when nothing new was stored.</summary>
    public bool? Duplicate { get; init; }
}

/// <summary>Writes the record's members and then <c>duplicate</c> into one object.</summary>
internal sealed class ImageAnswerConverter : JsonConverter<ImageAnswer>
{
    public override ImageAnswer Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        throw new NotSupportedException("The API writes this type and never reads it.");

    public override void Write(Utf8JsonWriter writer, ImageAnswer value, JsonSerializerOptions options)
    {
        using var record = JsonSerializer.SerializeToDocument(value.Record, CoreJson.Default.ImageRecord);
        writer.WriteStartObject();
        foreach (var member in record.RootElement.EnumerateObject())
            member.WriteTo(writer);
        if (value.Duplicate is { } duplicate)
            writer.WriteBoolean("duplicate", duplicate);
        writer.WriteEndObject();
    }
}

/// <summary>Answers with one record, and the preconditions that go with it.</summary>
internal static class ImageResults
{
    /// <summary>The strong ETag of a record: its version.</summary>
    public static EntityTagHeaderValue ETag(ImageRecord record) => new($"\"{record.Version}\"");

    public static IResult Record(HttpContext context, ImageRecord record, int status = 200, bool? duplicate = null)
    {
        context.Response.Headers.ETag = ETag(record).ToString();
        context.Response.Headers.CacheControl = "no-cache";
        return duplicate is null
            ? TypedResults.Json(record, CoreJson.Default.ImageRecord, statusCode: status)
            : TypedResults.Json(new ImageAnswer { Record = record, Duplicate = duplicate }, ApiJson.Default.ImageAnswer, statusCode: status);
    }

    /// <summary>Whether <c>If-None-Match</c> names this ETag (weak comparison, RFC 9110 §13.1.2).</summary>
    public static bool NotModified(HttpRequest request, EntityTagHeaderValue tag) =>
        request.GetTypedHeaders().IfNoneMatch.Any(sent => sent.Equals(EntityTagHeaderValue.Any) || sent.Compare(tag, useStrongComparison: false));

    /// <summary>Whether <c>If-Match</c> is there and does not name this record's version (strong comparison).</summary>
    public static bool IsStale(HttpRequest request, ImageRecord record)
    {
        var sent = request.GetTypedHeaders().IfMatch;
        return request.Headers.IfMatch.Count > 0
            && !sent.Any(tag => tag.Equals(EntityTagHeaderValue.Any) || tag.Compare(ETag(record), useStrongComparison: true));
    }
}
