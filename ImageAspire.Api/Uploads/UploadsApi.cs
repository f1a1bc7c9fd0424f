using ImageAspire.Api.Access;
using ImageAspire.Api.Http;
using ImageAspire.Api.Images;
using ImageAspire.Core.Failpoints;
using ImageAspire.Core.Pipeline;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ImageAspire.Api.Uploads;

/// <summary><c>POST /api/images</c>.</summary>
internal static class UploadsApi
{
    public static void MapUploads(this RouteGroupBuilder api) => api.MapPost("/images", UploadAsync)
        .RequireScope(Scopes.Write)
        .WithName("UploadImages").WithTags("Images").WithSummary("Upload one image (raw body or one part) or up to 100 (parts named file).")
        .WithMetadata(new UploadBody());

    [ProblemStatuses(400, 413, 415, 503, 507)]
    private static async Task<Results<Accepted<ImageAnswer>, Ok<ImageAnswer>, MultiStatus<UploadAnswer>, ProblemResult>> UploadAsync(
        HttpContext context, UploadReader reader, ReceiveImage receive, UploadConcurrencyLimiter limiter, UploadAdmission admission, PageCache cache)
    {
        var caller = Caller.Of(context);
        using var permit = await limiter.AcquireAsync(caller.Name, context.RequestAborted);
        if (permit is null)
            return Problems.Of(503, ProblemCodes.Busy, "Too many uploads are waiting. Nothing was kept; send it again in a moment.", retryAfterSeconds: 2);
        try
        {
            using var admitted = await context.WriteOnceAsync(() => admission.AdmitAsync(caller, reader.BytesOf(context.Request), context.RequestAborted));
            var answer = await AnswerAsync(context, await context.WriteOnceAsync(() => reader.ReadAsync(context, admitted)), caller, receive, cache);
            admitted.Complete();
            return answer;
        }
        catch (UploadRequestException refused)
        {
            return refused.Problem;
        }
    }

    private static async Task<Results<Accepted<ImageAnswer>, Ok<ImageAnswer>, MultiStatus<UploadAnswer>, ProblemResult>> AnswerAsync(
        HttpContext context, List<UploadedFile> files, Caller caller, ReceiveImage receive, PageCache cache)
    {
        if (files.Count == 0)
            return Problems.BadRequest(ProblemCodes.NoFile, "There is no part named 'file' in the request. Send at least one.");
        if (files is [{ Refused: { } refused }])
            return ProblemMiddleware.OfRefusal(refused);

        // The files are complete: they are committed also when the client has disconnected.
        var received = new Queue<ReceivedImage>(await context.WriteOnceAsync(() => receive.CommitAsync(
            [.. files.Where(file => file.Staged is not null).Select(file => file.Staged!)], new Uploader(caller.Name, caller.Id), CancellationToken.None)));
        cache.Clear();
        Failpoint.Hit(FailpointNames.ReceiveBeforeAnswer);
        if (files.Count == 1)
        {
            var (record, duplicate) = received.Dequeue();
            context.Response.Headers.Location = $"/api/images/{record.Id:D}";
            context.Response.SetRecordHeaders(record);
            return duplicate ? TypedResults.Ok(new ImageAnswer { Record = KnownRecord.Of(record, files[0].Name, caller), Duplicate = true })
                : TypedResults.Accepted((string?)null, new ImageAnswer { Record = record });
        }

        var items = files.ConvertAll(file => file.Refused is { } why
            ? Item(file.Name, ProblemMiddleware.OfRefusal(why).Problem)
            : Item(file.Name, received.Dequeue(), caller));
        return new MultiStatus<UploadAnswer>(new UploadAnswer(items));
    }

    private static UploadItem Item(string name, ApiProblem problem) => new(name, problem.Status, Problem: problem);

    private static UploadItem Item(string name, ReceivedImage image, Caller caller) => image.Duplicate
        ? new UploadItem(name, 200, KnownRecord.Of(image.Record, name, caller), true)
        : new UploadItem(name, 202, image.Record);
}
