using System.Globalization;
using ImageAspire.Core.Uploads;

namespace ImageAspire.Api.Uploads.Resumable;

/// <summary>The headers of tus 1.0.0 (tus.io/protocols/resumable-upload), and ours about the image.</summary>
internal static class TusHeaders
{
    public const string Version = "1.0.0";
    public const string Extensions = "creation,creation-defer-length,creation-with-upload,checksum,expiration,termination";
    public const string ContentType = "application/offset+octet-stream";
    public const string TusResumable = "Tus-Resumable";
    public const string TusVersion = "Tus-Version";
    public const string TusExtension = "Tus-Extension";
    public const string TusMaxSize = "Tus-Max-Size";
    public const string TusChecksumAlgorithm = "Tus-Checksum-Algorithm";
    public const string UploadOffset = "Upload-Offset";
    public const string UploadLength = "Upload-Length";
    public const string UploadDeferLength = "Upload-Defer-Length";
    public const string UploadMetadata = "Upload-Metadata";
    public const string UploadChecksum = "Upload-Checksum";
    public const string UploadExpires = "Upload-Expires";
    public const string MethodOverride = "X-HTTP-Method-Override";

    /// <summary>The image that an upload became.</summary>
    public const string ImageId = "Image-Id";

    /// <summary><c>true</c> when that image was there before.</summary>
    public const string ImageDuplicate = "Image-Duplicate";

    /// <summary>A whole number, zero or more; null when the header is absent, -1 when it is anything else.</summary>
    public static long? Number(this HttpRequest request, string header) => !request.Headers.TryGetValue(header, out var values) ? null
        : values.Count == 1 && long.TryParse(values[0], NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : -1;

    /// <summary>Whether the body holds bytes of a file.</summary>
    public static bool HasChunk(this HttpRequest request) =>
        request.ContentType is { } type && type.Split(';')[0].Trim().Equals(ContentType, StringComparison.OrdinalIgnoreCase);

    /// <summary>Writes the offset, the expiry and, after completion, the image of an upload into the headers.</summary>
    public static void WriteState(this HttpResponse response, UploadState state)
    {
        var headers = response.Headers;
        headers.CacheControl = "no-store";
        headers[UploadOffset] = Text(state.Offset);
        headers[UploadExpires] = state.ExpiresAt.ToString("R", CultureInfo.InvariantCulture);
        if (state.Upload.ImageId is not { } image)
            return;
        headers[ImageId] = image.ToString("D");
        headers[ImageDuplicate] = state.Upload.Duplicate ? "true" : "false";
    }

    public static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
