using System.Diagnostics;
using ImageAspire.Api.Access;
using ImageAspire.Api.Http;
using ImageAspire.Core.Diagnostics;
using ImageAspire.Core.Errors;
using ImageAspire.Core.Ports;
using ImageAspire.Core.Uploads;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ImageAspire.Api.Uploads.Resumable;

/// <summary>Creates uploads, within the limit of unfinished uploads of their key.</summary>
internal sealed class UploadCreation(IUploadStore store, UploadContinuation continuation, UnfinishedUploads unfinished, ResumableOptions limits, TimeProvider time)
{
    /// <summary><c>POST</c>: 201 with the address of the upload, after the first chunk when there is one in the body; or a problem.</summary>
    public async Task<Results<Created, ProblemResult>> PostAsync(HttpContext context)
    {
        var (length, problem) = LengthOf(context.Request);
        if (problem is not null)
            return problem;
        if (UploadMetadata.Parse(context.Request.Headers[TusHeaders.UploadMetadata]) is not { } metadata)
        {
            return Problems.BadRequest(ProblemCodes.InvalidMetadata,
                "Upload-Metadata must be pairs of a name and a Base64 text, separated by commas: at most 20 pairs and 4 KiB, each name once.");
        }

        var caller = Caller.Of(context);
        if (await unfinished.FindProblemAsync(caller, length, context.RequestAborted) is { } over)
            return over;
        using var admitted = await context.WriteOnceAsync(() => unfinished.AdmitAsync(caller, length, context.RequestAborted));
        var upload = new ResumableUpload
        {
            Id = Guid.CreateVersion7(time.GetUtcNow()), Owner = caller.Id, Name = metadata.Name, Metadata = metadata.Text, Length = length,
            CreatedAt = time.GetUtcNow(), KeptFor = limits.KeptFor, TraceParent = Activity.Current?.Id,
        };
        await store.CreateAsync(upload, context.RequestAborted);
        admitted.Complete();
        Telemetry.ResumableUploads.Add(1, new KeyValuePair<string, object?>("outcome", "created"));
        return await AnswerAsync(context, upload);
    }

    private async Task<Results<Created, ProblemResult>> AnswerAsync(HttpContext context, ResumableUpload upload)
    {
        var state = new UploadState(upload, 0, upload.CreatedAt);
        if (context.Request.HasChunk())
        {
            await using var hold = await store.TryAcquireAsync(upload.Owner, upload.Id, context.RequestAborted)
                ?? throw new RetryLaterException("The upload that was just created no longer exists. Create it again.");
            var isAnnounced = false;
            try
            {
                // A chunk that is refused for itself leaves the upload: the client gets its address and continues.
                if (await continuation.AppendAsync(context, hold) is { Problem.Status: not (460 or 503) } refusal)
                    return refusal;
                isAnnounced = true;
            }
            finally
            {
                // Also when the disk is full or the client disconnected: no client has its address, and it would use space for a day.
                if (!isAnnounced)
                    await hold.DeleteAsync(CancellationToken.None);
            }

            state = hold.State;
        }

        context.Response.WriteState(state);
        return TypedResults.Created($"/api/uploads/{upload.Id:D}");
    }

    private static (long? Length, ProblemResult? Problem) LengthOf(HttpRequest request)
    {
        var defer = request.Headers[TusHeaders.UploadDeferLength].ToString();
        var length = request.Number(TusHeaders.UploadLength);
        if (length is < 0 || length is null != (defer == "1") || defer.Length > 0 && length is not null)
            return (null, Problems.BadRequest(ProblemCodes.InvalidLength, "Send either Upload-Length, the size of the file in bytes, or 'Upload-Defer-Length: 1'."));
        return length == 0 ? (null, Problems.BadRequest(ProblemCodes.EmptyFile, "The file is empty. Send the bytes of an image.")) : (length, null);
    }
}
