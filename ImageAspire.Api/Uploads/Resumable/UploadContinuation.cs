using ImageAspire.Api.Access;
using ImageAspire.Api.Http;
using ImageAspire.Core.Pipeline;
using ImageAspire.Core.Ports;

namespace ImageAspire.Api.Uploads.Resumable;

/// <summary>Takes the next chunk of an upload, and makes the image when it was the last.</summary>
internal sealed class UploadContinuation(UploadFinder finder, ChunkReader chunks, UploadCompletion completion, UploadTurns turns, ApiOptions options)
{
    private static ProblemResult Busy => Problems.Of(503, ProblemCodes.Busy, "Too many uploads are waiting. What has come is kept; go on in a moment.", retryAfterSeconds: 2);

    /// <summary><c>PATCH</c>: 204 with the new offset, and the image after the last chunk; or a problem.</summary>
    public async Task<IResult> PatchAsync(HttpContext context, string id)
    {
        var request = context.Request;
        if (!request.HasChunk())
            return Problems.Of(415, ProblemCodes.UnsupportedMediaType, $"Send the bytes as {TusHeaders.ContentType}.");
        if (request.Number(TusHeaders.UploadOffset) is not { } offset || offset < 0)
            return Problems.BadRequest(ProblemCodes.InvalidOffset, "Upload-Offset must say, as a whole number, how many bytes are here already.");
        var (hold, problem) = await finder.HoldAsync(context, id);
        await using var _ = hold;
        if (hold is null)
            return problem!;
        if (offset != hold.State.Offset)
        {
            context.Response.Headers[TusHeaders.UploadOffset] = TusHeaders.Text(hold.State.Offset);
            return Problems.Of(409, ProblemCodes.OffsetMismatch, $"{hold.State.Offset} bytes are here, and these begin at {offset}. Go on at Upload-Offset.");
        }

        if (hold.State.Upload.ImageId is null && (await LengthAsync(context, hold) ?? await TakeAsync(context, hold)) is { } refusal)
            return refusal;
        context.Response.Tell(hold.State);
        if (hold.State.Upload.ImageId is { } image)
            context.Response.Headers.Location = $"/api/images/{image:D}";
        return TypedResults.NoContent();
    }

    /// <summary>Takes the body of this request, and makes the image when all is here; null, or what was wrong.</summary>
    public async Task<ProblemResult?> TakeAsync(HttpContext context, IUploadLease hold)
    {
        var caller = Caller.Of(context);
        using var checksum = context.Request.Headers.TryGetValue(TusHeaders.UploadChecksum, out var header) ? UploadChecksum.Parse(header.ToString()) : null;
        if (header.Count > 0 && checksum is null)
            return Problems.BadRequest(ProblemCodes.InvalidChecksum, $"Upload-Checksum must be '{string.Join("', '", UploadChecksum.Algorithms.Keys)}' and the checksum in Base64.");
        var room = (hold.State.Upload.Length ?? options.MaxImageBytes) - hold.State.Offset;
        if (context.Request.ContentLength > room)
            return TooLong(room);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, caller.Ended);
        try
        {
            using var turn = await turns.BeginAsync(caller.Name, ending.Token);
            if (turn is null)
                return Busy;
            var end = await chunks.AppendAsync(context.Request.Body, hold, room, checksum, turn, ending.Token);
            if (end == ChunkEnd.Kept && hold.State.IsComplete)
                await completion.CompleteAsync(hold, caller.Name);
            return end switch
            {
                ChunkEnd.TooLong => TooLong(room),
                ChunkEnd.WrongChecksum => Problems.Of(460, ProblemCodes.ChecksumMismatch, "The bytes are not those of Upload-Checksum. They were thrown away; send them again."),
                ChunkEnd.Busy => Busy,
                _ => null,
            };
        }
        catch (UploadRefusedException refused)
        {
            await UploadCompletion.RefuseAsync(hold);
            return ProblemMiddleware.OfRefusal(refused);
        }
        catch (OperationCanceledException) when (caller.Ended.IsCancellationRequested)
        {
            // In the middle of a body there is nothing to answer; with the next request the client meets the door.
            context.Abort();
            await Task.Delay(Timeout.InfiniteTimeSpan, context.RequestAborted);
            throw;
        }
    }

    /// <summary>For an upload whose bytes are all here although nobody was told of an image: makes the image now. Null, or what was wrong.</summary>
    public async Task<ProblemResult?> FinishAsync(HttpContext context, IUploadLease hold)
    {
        var caller = Caller.Of(context);
        using var turn = await turns.BeginAsync(caller.Name, context.RequestAborted);
        if (turn is null)
            return Busy;
        try
        {
            await completion.CompleteAsync(hold, caller.Name);
            return null;
        }
        catch (UploadRefusedException refused)
        {
            await UploadCompletion.RefuseAsync(hold);
            return ProblemMiddleware.OfRefusal(refused);
        }
    }

    // A length that was left open may be told with any chunk, once.
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

    private static ProblemResult TooLong(long room) => Problems.Of(413, ProblemCodes.TooLarge, $"The body is longer than what is missing of this upload: {room} bytes.");
}
