using ImageAspire.Api.Http;
using ImageAspire.Core.Errors;
using ImageAspire.Core.Images;
using ImageAspire.Core.Pipeline;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.WebUtilities;

namespace ImageAspire.Api.Uploads;

/// <summary>Reads the files of a multipart body. One that is refused does not stop those after it; a malformed body refuses the request.</summary>
internal sealed class MultipartUploadReader(ReceiveImage receive, ApiOptions options)
{
    private const int MaxOtherFields = 64 * 1024;
    private const int MaxPartHeaders = 4096;
    private const int MaxOtherParts = 100;

    /// <summary>The parts named <c>file</c>. When it throws, nothing of the request is kept.</summary>
    public async Task<List<UploadedFile>> ReadAsync(HttpContext context, string boundary, AdmittedUpload admitted)
    {
        if (context.Request.ContentLength > options.MaxFilesPerRequest * (options.MaxImageBytes + MaxPartHeaders) + MaxOtherFields)
            throw UploadRefusedException.TooLarge(options.MaxImageBytes);
        var files = new List<UploadedFile>();
        try
        {
            await ReadPartsAsync(new MultipartReader(boundary, context.Request.Body), files, admitted, context.RequestAborted);
            return files;
        }
        catch (Exception error)
        {
            foreach (var staged in files.Select(file => file.Staged).OfType<StagedImage>())
                await staged.DisposeAsync();
            if (IsMalformed(error) && !context.RequestAborted.IsCancellationRequested)
                throw Refused(ProblemCodes.MalformedMultipart, "The multipart body cannot be read: it ends early or its boundary or headers are wrong.");
            throw;
        }
    }

    private async Task ReadPartsAsync(MultipartReader reader, List<UploadedFile> files, AdmittedUpload admitted, CancellationToken cancellationToken)
    {
        var (otherFields, otherParts) = (0L, 0);
        while (await reader.ReadNextSectionAsync(cancellationToken) is { } part)
        {
            var disposition = UploadHeaders.Disposition(part);
            if (disposition is not null && UploadHeaders.FieldName(disposition) == "file")
            {
                if (files.Count == options.MaxFilesPerRequest)
                    throw Refused(ProblemCodes.TooManyFiles, $"A request may hold {options.MaxFilesPerRequest} files. Nothing of this one was kept; send fewer at once.");
                files.Add(await ReadFileAsync(part, UploadHeaders.FileName(disposition), admitted, cancellationToken));
            }
            else if (disposition is not null && UploadHeaders.IsFile(disposition))
            {
                // Ignoring it would let the client believe that it was stored.
                throw Refused(ProblemCodes.NoFile, Misnamed(UploadHeaders.FieldName(disposition)));
            }
            else
            {
                if (++otherParts > MaxOtherParts)
                    throw new UploadRequestException(Problems.Of(413, ProblemCodes.TooLarge, $"A request may have {MaxOtherParts} parts besides its files. Nothing of it was kept."));
                otherFields += await SkipAsync(part.Body, MaxOtherFields - otherFields, cancellationToken);
            }
        }
    }

    private async Task<UploadedFile> ReadFileAsync(MultipartSection part, string? name, AdmittedUpload admitted, CancellationToken cancellationToken)
    {
        try
        {
            return new UploadedFile(ImageName.Clean(name), await receive.StageAsync(admitted.Meter(part.Body), name, options.MaxImageBytes, cancellationToken), null);
        }
        catch (UploadRefusedException refused)
        {
            // The rest of a refused part is skipped, within the limit of a file, so that the files after it are still read.
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

    private static string Misnamed(string field) =>
        $"A part with a file {(field.Length == 0 ? "has no name" : $"is named '{ImageName.Clean(field)}'")}; it must be named 'file'. Nothing of the request was kept.";

    private static UploadRequestException Refused(string code, string detail) => new(Problems.BadRequest(code, detail));

    // MultipartReader reports an unexpected end as a plain IOException; errors of stores and connections have types or error codes of their own.
    private static bool IsMalformed(Exception error) => error is InvalidDataException
        || error is IOException and not ConnectionResetException and not StoreUnavailableException and not BadHttpRequestException { StatusCode: 408 } && error.HResult == new IOException().HResult;
}
