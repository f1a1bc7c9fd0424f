using ImageAspire.Api.Http;
using ImageAspire.Core.Images;
using ImageAspire.Core.Pipeline;

namespace ImageAspire.Api.Uploads;

/// <summary>Reads the files of a request as a stream, holding one buffer in memory.</summary>
internal sealed class UploadReader(ReceiveImage receive, MultipartUploadReader multipart, ApiOptions options)
{
    /// <summary>How many bytes the request announces for its image; 0 for unknown, and for a multipart body, whose files are counted as they arrive.</summary>
    /// <exception cref="UploadRequestException">The request is refused as a whole.</exception>
    public long BytesOf(HttpRequest request) => UploadHeaders.Boundary(request) is null ? Math.Min(request.ContentLength ?? 0, options.MaxImageBytes) : 0;

    /// <summary>The files of the request: the one of a raw body, or the parts named <c>file</c> of a multipart body.</summary>
    /// <param name="context">The request.</param>
    /// <param name="admitted">Checks the bytes as they arrive.</param>
    /// <exception cref="UploadRequestException">The request is refused as a whole.</exception>
    /// <exception cref="UploadRefusedException">The only file is refused.</exception>
    public async Task<List<UploadedFile>> ReadAsync(HttpContext context, AdmittedUpload admitted)
    {
        if (UploadHeaders.Boundary(context.Request) is { } boundary)
            return await multipart.ReadAsync(context, boundary, admitted);
        if (UploadHeaders.IsRaw(context.Request))
            return [await ReadRawAsync(context, admitted)];
        throw new UploadRequestException(Problems.Of(415, ProblemCodes.UnsupportedMediaType,
            "Send multipart/form-data with parts named 'file', or the image itself as image/* or application/octet-stream."));
    }

    private async Task<UploadedFile> ReadRawAsync(HttpContext context, AdmittedUpload admitted)
    {
        if (context.Request.ContentLength > options.MaxImageBytes)
            throw UploadRefusedException.TooLarge(options.MaxImageBytes);
        var name = UploadHeaders.RawName(context.Request);
        var body = admitted.Meter(context.Request.Body);
        return new UploadedFile(ImageName.Clean(name), await receive.StageAsync(body, name, options.MaxImageBytes, context.RequestAborted), null);
    }
}
