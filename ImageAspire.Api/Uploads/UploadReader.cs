using ImageAspire.Api.Http;
using ImageAspire.Core.Errors;
using ImageAspire.Core.Images;
using ImageAspire.Core.Pipeline;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;

namespace ImageAspire.Api.Uploads;

/// <summary>One file of a request: staged, or refused.</summary>
/// <param name="Name">Its clean name.</param>
/// <param name="Staged">Its bytes, waiting for the commit.</param>
/// <param name="Refused">Why not.</param>
internal sealed record UploadedFile(string Name, StagedImage? Staged, UploadRefusedException? Refused);

/// <summary>A request that is refused as a whole.</summary>
internal sealed class UploadRequestException(ProblemResult problem) : Exception(problem.Problem.Detail)
{
    public ProblemResult Problem { get; } = problem;
}

/// <summary>Reads files from a request, streaming: nothing is held in memory but one buffer.</summary>
internal sealed class UploadReader(ReceiveImage receive, ApiOptions options)
{
    private const int MaxBoundary = 200;
    private const int MaxOtherFields = 64 * 1024;

    /// <summary>The one file of a raw body.</summary>
    public async Task<UploadedFile> ReadRawAsync(HttpContext context)
    {
        if (context.Request.ContentLength > options.MaxImageBytes)
            throw UploadRefusedException.TooLarge(options.MaxImageBytes);
        var name = RawName(context.Request);
        return new UploadedFile(ImageName.Clean(name), await receive.StageAsync(context.Request.Body, name, options.MaxImageBytes, context.RequestAborted), null);
    }

    /// <summary>The parts named <c>file</c> of a multipart body. When this throws, nothing of the request is kept.</summary>
    public async Task<List<UploadedFile>> ReadMultipartAsync(HttpContext context, string boundary)
    {
        // Room for the files, their headers, and some fields; a body that says it is longer is not read at all.
        if (context.Request.ContentLength > options.MaxFilesPerRequest * (options.MaxImageBytes + 4096) + MaxOtherFields)
            throw UploadRefusedException.TooLarge(options.MaxImageBytes);
        var files = new List<UploadedFile>();
        try
        {
            await ReadPartsAsync(new MultipartReader(boundary, context.Request.Body), files, context.RequestAborted);
            return files;
        }
        catch (Exception error)
        {
            foreach (var file in files)
            {
                if (file.Staged is not null)
                    await file.Staged.DisposeAsync();
            }

            if (error is InvalidDataException or IOException and not Microsoft.AspNetCore.Connections.ConnectionResetException && !context.RequestAborted.IsCancellationRequested && IsFormat(error))
                throw new UploadRequestException(Problems.BadRequest(ProblemCodes.MalformedMultipart, "The multipart body cannot be read: it ends early or its boundary or headers are wrong."));
            throw;
        }
    }

    /// <summary>The boundary of a multipart request; null when it is another type.</summary>
    public static string? Boundary(HttpRequest request)
    {
        if (!MediaTypeHeaderValue.TryParse(request.ContentType, out var type) || !type.MediaType.Equals("multipart/form-data", StringComparison.OrdinalIgnoreCase))
            return null;
        var boundary = HeaderUtilities.RemoveQuotes(type.Boundary).Value;
        return boundary is { Length: > 0 and <= MaxBoundary } ? boundary
            : throw new UploadRequestException(Problems.BadRequest(ProblemCodes.MalformedMultipart, "The multipart Content-Type has no usable boundary."));
    }

    private async Task ReadPartsAsync(MultipartReader reader, List<UploadedFile> files, CancellationToken cancellationToken)
    {
        var others = 0L;
        while (await reader.ReadNextSectionAsync(cancellationToken) is { } part)
        {
            if (!ContentDispositionHeaderValue.TryParse(part.ContentDisposition, out var disposition)
                || HeaderUtilities.RemoveQuotes(disposition.Name) != "file")
            {
                // Whoever sends a file under another name must not think that it was kept.
                if (disposition is { FileName.HasValue: true } or { FileNameStar.HasValue: true })
                    throw new UploadRequestException(Problems.BadRequest(ProblemCodes.NoFile, Misnamed(disposition)));
                others += await SkipAsync(part.Body, MaxOtherFields - others, cancellationToken);
                continue;
            }

            if (files.Count == options.MaxFilesPerRequest)
            {
                throw new UploadRequestException(Problems.BadRequest(ProblemCodes.TooManyFiles,
                    $"A request may hold {options.MaxFilesPerRequest} files. Nothing of this one was kept; send fewer at once."));
            }

            files.Add(await ReadPartAsync(part, PartName(disposition), cancellationToken));
        }
    }

    private async Task<UploadedFile> ReadPartAsync(MultipartSection part, string? name, CancellationToken cancellationToken)
    {
        try
        {
            return new UploadedFile(ImageName.Clean(name), await receive.StageAsync(part.Body, name, options.MaxImageBytes, cancellationToken), null);
        }
        catch (UploadRefusedException refused)
        {
            // The rest of a refused part is skipped, so that the files after it still get through; but not without an end.
            await SkipAsync(part.Body, options.MaxImageBytes, cancellationToken);
            return new UploadedFile(ImageName.Clean(name), null, refused);
        }
    }

    private static async Task<long> SkipAsync(Stream body, long most, CancellationToken cancellationToken)
    {
        var buffer = new byte[16 * 1024];
        var skipped = 0L;
        while (await body.ReadAsync(buffer, cancellationToken) is var read and > 0)
        {
            skipped += read;
            if (skipped > most)
                throw new UploadRequestException(Problems.Of(413, ProblemCodes.TooLarge, "A part of the request is far too large. Nothing of it was kept."));
        }

        return skipped;
    }

    private static string Misnamed(ContentDispositionHeaderValue disposition)
    {
        var name = HeaderUtilities.RemoveQuotes(disposition.Name).ToString();
        var called = name.Length == 0 ? "has no name" : $"is named '{ImageName.Clean(name)}'";
        return $"A part with a file {called}; it must be named 'file'. Nothing of the request was kept.";
    }

    private static string? PartName(ContentDispositionHeaderValue disposition) =>
        HeaderUtilities.RemoveQuotes(disposition.FileNameStar.HasValue ? disposition.FileNameStar : disposition.FileName).Value;

    // A header holds ASCII only, so a name comes percent-encoded.
    private static string? RawName(HttpRequest request)
    {
        if (request.Headers["X-File-Name"].ToString() is { Length: > 0 } header)
            return Uri.UnescapeDataString(header);
        if (ContentDispositionHeaderValue.TryParse(request.Headers.ContentDisposition.ToString(), out var disposition))
            return PartName(disposition);
        return request.Query["name"].ToString();
    }

    // MultipartReader says "unexpected end of stream" with a plain IOException; the stores' errors carry a code of the system or a type of their own.
    private static bool IsFormat(Exception error) => error is InvalidDataException || error is not StoreUnavailableException && error.HResult == new IOException().HResult;
}
