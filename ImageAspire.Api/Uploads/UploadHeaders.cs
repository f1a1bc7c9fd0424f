using ImageAspire.Api.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;

namespace ImageAspire.Api.Uploads;

/// <summary>What the headers of an upload say about its body and its names.</summary>
internal static class UploadHeaders
{
    private const int MaxBoundary = 200;

    /// <summary>The boundary of a multipart request; null when it has another type.</summary>
    public static string? Boundary(HttpRequest request)
    {
        if (!MediaTypeHeaderValue.TryParse(request.ContentType, out var type) || !type.MediaType.Equals("multipart/form-data", StringComparison.OrdinalIgnoreCase))
            return null;
        var boundary = HeaderUtilities.RemoveQuotes(type.Boundary).Value;
        return boundary is { Length: > 0 and <= MaxBoundary } ? boundary
            : throw new UploadRequestException(Problems.BadRequest(ProblemCodes.MalformedMultipart, "The multipart Content-Type has no usable boundary."));
    }

    /// <summary>Whether the body is one image. The declared type only marks it as one; its format is sniffed from the bytes.</summary>
    public static bool IsRaw(HttpRequest request) => !MediaTypeHeaderValue.TryParse(request.ContentType, out var type)
        ? string.IsNullOrEmpty(request.ContentType)
        : type.Type.Equals("image", StringComparison.OrdinalIgnoreCase) || type.MediaType.Equals("application/octet-stream", StringComparison.OrdinalIgnoreCase);

    /// <summary>The name of a raw body: <c>X-File-Name</c> (percent-encoded, because headers are ASCII), <c>Content-Disposition</c> or <c>?name=</c>.</summary>
    public static string? RawName(HttpRequest request)
    {
        if (request.Headers["X-File-Name"].ToString() is { Length: > 0 } header)
            return Uri.UnescapeDataString(header);
        return ContentDispositionHeaderValue.TryParse(request.Headers.ContentDisposition.ToString(), out var disposition)
            ? FileName(disposition) : request.Query["name"].ToString();
    }

    /// <summary>The disposition of a part; null when it has none.</summary>
    public static ContentDispositionHeaderValue? Disposition(MultipartSection part) =>
        ContentDispositionHeaderValue.TryParse(part.ContentDisposition, out var disposition) ? disposition : null;

    /// <summary>Whether a part is a file, whatever its name.</summary>
    public static bool IsFile(ContentDispositionHeaderValue disposition) => disposition.FileName.HasValue || disposition.FileNameStar.HasValue;

    /// <summary>The name of the form field of a part.</summary>
    public static string FieldName(ContentDispositionHeaderValue disposition) => HeaderUtilities.RemoveQuotes(disposition.Name).ToString();

    /// <summary>The name of the file in a part; null when it has none.</summary>
    public static string? FileName(ContentDispositionHeaderValue disposition) =>
        HeaderUtilities.RemoveQuotes(disposition.FileNameStar.HasValue ? disposition.FileNameStar : disposition.FileName).Value;
}
