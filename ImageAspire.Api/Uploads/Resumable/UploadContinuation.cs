using ImageAspire.Api.Access;
using ImageAspire.Api.Http;
using ImageAspire.Core.Pipeline;
using ImageAspire.Core.Ports;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ImageAspire.Api.Uploads.Resumable;

/// <summary>Appends the next chunk to an upload and completes the upload after the last one.</summary>
internal sealed class UploadContinuation(UploadFinder finder, ChunkReader chunks, UploadCompletion completion, SharedUploadPermits permits, ApiOptions options)
{
    private static ProblemResult Busy => Problems.Of(503, ProblemCodes.Busy, "Too many uploads are waiting. The bytes received so far are kept; continue in a moment.", retryAfterSeconds: 2);

    /// <summary><c>PATCH</c>: 204 with the new offset, and the image after the last chunk; or a problem.</summary>
    public async Task<Results<NoContent, ProblemResult>> PatchAsync(HttpContext context, string id)
    {
        var request = context.Request;
        if (!request.HasChunk())
            return Problems.Of(415, ProblemCodes.UnsupportedMediaType, $"Send the bytes as {TusHeaders.ContentType}.");
        if (request.Number(TusHeaders.UploadOffset) is not { } offset || offset < 0)
            return Problems.BadRequest(ProblemCodes.InvalidOffset, "Upload-Offset must be a whole number: how many bytes the server has.");
        var (hold, problem) = await finder.HoldAsync(context, id);
        await using var _ = hold;
        if (hold is null)
            return problem!;
        if (offset != hold.State.Offset)
        {
            context.Response.Headers[TusHeaders.UploadOffset] = TusHeaders.Text(hold.State.Offset);
            return Problems.Of(409, ProblemCodes.OffsetMismatch, $"{hold.State.Offset} bytes are stored, and these begin at {offset}. Continue at Upload-Offset.");
        }

        var refusal = hold.State.Upload.ImageId is null ? await LengthAsync(context, hold) ?? await AppendAsync(context, hold)
            : await request.Body.ReadAsync(new byte[1], context.RequestAborted) > 0 ? TooLong(0) : null;
        if (refusal is not null)
            return refusal;
        context.Response.WriteState(hold.State);
        if (hold.State.Upload.ImageId is { } image)
            context.Response.Headers.Location = $"/api/images/{image:D}";
        return TypedResults.NoContent();
    }

    /// <summary>Appends the body of this request and completes the upload when it has all bytes. Null, or the problem.</summary>
    public async Task<ProblemResult?> AppendAsync(HttpContext context, IUploadLease hold)
    {
        var caller = Caller.Of(context);
        using var checksum = context.Request.Headers.TryGetValue(TusHeaders.UploadChecksum, out var header) ? UploadChecksum.Parse(header.ToString()) : null;
        if (header.Count > 0 && checksum is null)
            return Problems.BadRequest(ProblemCodes.InvalidChecksum, $"Upload-Checksum must be '{string.Join("', '", UploadChecksum.Algorithms.Keys)}' and the checksum in Base64.");
        var remaining = (hold.State.Upload.Length ?? options.MaxImageBytes) - hold.State.Offset;
        if (context.Request.ContentLength > remaining)
            return TooLong(remaining);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, caller.Invalidated);
        try
        {
            using var permit = await permits.AcquireAsync(caller.Name, ending.Token);
            if (permit is null)
                return Busy;
            var end = await chunks.AppendAsync(context.Request.Body, hold, remaining, checksum, permit, ending.Token);
            if (end == ChunkResult.Kept && hold.State.IsComplete)
                await completion.CompleteAsync(hold, new Uploader(caller.Name, caller.Id));
            return end switch
            {
                ChunkResult.TooLong => TooLong(remaining),
                ChunkResult.WrongChecksum => Problems.Of(460, ProblemCodes.ChecksumMismatch, "The bytes are not those of Upload-Checksum. They were discarded; send them again."),
                ChunkResult.Busy => Busy,
                _ => null,
            };
        }
        catch (UploadRefusedException refused)
        {
            await UploadCompletion.RefuseAsync(hold);
            return ProblemMiddleware.OfRefusal(refused);
        }
        catch (OperationCanceledException) when (caller.Invalidated.IsCancellationRequested)
        {
            // In the middle of a body there is no response to send; the next request is answered with 401.
            context.Abort();
            await Task.Delay(Timeout.InfiniteTimeSpan, context.RequestAborted);
            throw;
        }
    }

    /// <summary>Completes an upload that has all its bytes and no image yet. Null, or the problem.</summary>
    public async Task<ProblemResult?> FinishAsync(HttpContext context, IUploadLease hold)
    {
        var caller = Caller.Of(context);
        using var permit = await permits.AcquireAsync(caller.Name, context.RequestAborted);
        if (permit is null)
            return Busy;
        try
        {
            await completion.CompleteAsync(hold, new Uploader(caller.Name, caller.Id));
            return null;
        }
        catch (UploadRefusedException refused)
        {
            await UploadCompletion.RefuseAsync(hold);
            return ProblemMiddleware.OfRefusal(refused);
        }
    }

    // A deferred length may come with any chunk, once.
    private async Task<ProblemResult?> LengthAsync(HttpContext context, IUploadLease hold)
    {
        if (context.Request.Number(TusHeaders.UploadLength) is not { } length)
            return null;
        var upload = hold.State.Upload;
        if (length < Math.Max(1, hold.State.Offset) || upload.Length is { } known && known != length)
            return Problems.BadRequest(ProblemCodes.InvalidLength, "Upload-Length is not a length that this upload can have.");
        if (length > options.MaxImageBytes)
            return ProblemMiddleware.OfRefusal(UploadRefusedException.TooLarge(options.MaxImageBytes));
        if (upload.Length is null)
            await hold.SaveAsync(upload with { Length = length }, context.RequestAborted);
        return null;
    }

    private static ProblemResult TooLong(long remaining) => Problems.Of(413, ProblemCodes.TooLarge, $"The body is longer than what is missing of this upload: {remaining} bytes.");
}
