using ImageAspire.Core.Images;
using Microsoft.Net.Http.Headers;

namespace ImageAspire.Api.Images;

/// <summary>ETags of records, and the preconditions of requests.</summary>
internal static class Preconditions
{
    /// <summary>The strong ETag of a record: its version.</summary>
    public static EntityTagHeaderValue ETag(ImageRecord record) => new($"\"{record.Version}\"");

    /// <summary>Sets the headers of a response that holds a record; returns the record.</summary>
    public static ImageRecord SetRecordHeaders(this HttpResponse response, ImageRecord record)
    {
        response.Headers.ETag = ETag(record).ToString();
        response.Headers.CacheControl = "no-cache";
        return record;
    }

    /// <summary>Whether <c>If-None-Match</c> names this ETag (weak comparison, RFC 9110 §13.1.2).</summary>
    public static bool IsNotModified(HttpRequest request, EntityTagHeaderValue tag) =>
        request.GetTypedHeaders().IfNoneMatch.Any(sent => sent.Equals(EntityTagHeaderValue.Any) || sent.Compare(tag, useStrongComparison: false));

    /// <summary>Whether <c>If-Match</c> is there and does not name this record's version (strong comparison).</summary>
    public static bool IsStale(HttpRequest request, ImageRecord record)
    {
        var sent = request.GetTypedHeaders().IfMatch;
        return request.Headers.IfMatch.Count > 0
            && !sent.Any(tag => tag.Equals(EntityTagHeaderValue.Any) || tag.Compare(ETag(record), useStrongComparison: true));
    }
}
