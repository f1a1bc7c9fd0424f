using ImageAspire.Api.Access;
using ImageAspire.Api.Http;
using ImageAspire.Api.Images;
using ImageAspire.Core.Failpoints;
using ImageAspire.Core.Pipeline;
using Microsoft.Net.Http.Headers;

namespace ImageAspire.Api.Uploads;

/// <summary><c>POST /api/images</c>.</summary>
internal static class UploadsApi
{
    public static void MapUploads(this RouteGroupBuilder api) => api.MapPost("/images", UploadAsync)
        .RequireScope(Scopes.Write)
        .WithName("UploadImages").WithTags("Images").WithSummary("Upload one image (raw body or one part) or up to 100 (parts named file).")
        .WithMetadata(new UploadBody())
        .Produces<ImageAnswer>(202).Produces<ImageAnswer>(200).Produces<UploadAnswer>(207).WithProblems(400, 413, 415, 503, 507);

    private static async Task<IResult> UploadAsync(HttpContext context, UploadReader reader, ReceiveImage receive, UploadGate gate, PageCache cache)
    {
        var caller = Caller.Of(context);
        using var place = await gate.EnterAsync(caller.Name, context.RequestAborted);
        if (place is null)
            return Problems.Of(503, ProblemCodes.Busy, "Too many uploads are waiting. Nothing was kept; send it again in a moment.", retryAfterSeconds: 2);
        try
        {
            if (UploadReader.Boundary(context.Request) is { } boundary)
                return await AnswerAsync(context, await reader.ReadMultipartAsync(context, boundary), caller.Name, receive, cache);
            if (!IsRaw(context.Request))
                return Problems.Of(415, ProblemCodes.UnsupportedMediaType, "Send multipart/form-data with parts named 'file', or the image itself as image/* or application/octet-stream.");
            return await AnswerAsync(context, [await reader.ReadRawAsync(context)], caller.Name, receive, cache);
        }
        catch (UploadRequestException refused)
        {
            return refused.Problem;
        }
    }

    // The declared type only says "here is an image"; what it really is, its bytes decide.
    private static bool IsRaw(HttpRequest request) => !MediaTypeHeaderValue.TryParse(request.ContentType, out var type)
        ? string.IsNullOrEmpty(request.ContentType)
        : type.Type.Equals("image", StringComparison.OrdinalIgnoreCase) || type.MediaType.Equals("application/octet-stream", StringComparison.OrdinalIgnoreCase);

    private static async Task<IResult> AnswerAsync(
        HttpContext context, List<UploadedFile> files, string actor, ReceiveImage receive, PageCache cache)
    {
        if (files.Count == 0)
            return Problems.BadRequest(ProblemCodes.NoFile, "There is no part named 'file' in the request. Send at least one.");
        if (files is [{ Refused: { } refused }])
            return ProblemMiddleware.OfRefusal(refused);

        // From here on the files are complete; a client that leaves now still gets its images.
        var received = new Queue<ReceivedImage>(await receive.CommitAsync(
            [.. files.Where(file => file.Staged is not null).Select(file => file.Staged!)], actor, CancellationToken.None));
        cache.Clear();
        Failpoint.Hit(FailpointNames.ReceiveBeforeAnswer);
        if (files.Count == 1)
        {
            var (record, duplicate) = received.Dequeue();
            context.Response.Headers.Location = $"/api/images/{record.Id:D}";
            return ImageResults.Record(context, record, duplicate ? 200 : 202, duplicate ? true : null);
        }

        var items = files.ConvertAll(file => file.Refused is { } why
            ? Item(file.Name, ProblemMiddleware.OfRefusal(why).Problem)
            : Item(file.Name, received.Dequeue()));
        return TypedResults.Json(new UploadAnswer(items), ApiJson.Default.UploadAnswer, statusCode: StatusCodes.Status207MultiStatus);
    }

    private static UploadItem Item(string name, ApiProblem problem) => new(name, problem.Status, Problem: problem);

    private static UploadItem Item(string name, ReceivedImage image) =>
        new(name, image.Duplicate ? 200 : 202, image.Record, image.Duplicate ? true : null);
}
