using ImageAspire.Api.Access;
using ImageAspire.Api.Http;
using ImageAspire.Core.Diagnostics;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ImageAspire.Api.Uploads.Resumable;

/// <summary><c>/api/uploads</c>: resumable uploads by the protocol tus 1.0.0.</summary>
internal static class ResumableApi
{
    private const string One = "/{id}";

    public static void MapResumableUploads(this RouteGroupBuilder api)
    {
        var uploads = api.MapGroup("/uploads").RequireScope(Scopes.Write).WithTags("Resumable uploads (tus 1.0.0)").AddEndpointFilter(CheckTusVersionAsync);
        uploads.MapPost("", (HttpContext context, UploadCreation creation) => creation.PostAsync(context)).Describe(TusOperation.Create);
        uploads.MapMethods("", [HttpMethods.Options], Options).Describe(TusOperation.Options("GetUploadOptions"));
        uploads.MapMethods(One, [HttpMethods.Options], Options).Describe(TusOperation.Options("GetUploadOptionsOfOne"));
        uploads.MapMethods(One, [HttpMethods.Head], HeadAsync).Describe(TusOperation.Head);
        uploads.MapPatch(One, (HttpContext context, string id, UploadContinuation continuation) => continuation.PatchAsync(context, id)).Describe(TusOperation.Patch);
        uploads.MapDelete(One, DeleteAsync).Describe(TusOperation.Delete);
        uploads.MapPost(One, OverrideAsync).Describe(TusOperation.Override);
    }

    private static ValueTask<object?> CheckTusVersionAsync(EndpointFilterInvocationContext invocation, EndpointFilterDelegate next)
    {
        var context = invocation.HttpContext;
        context.Response.OnStarting(() =>
        {
            context.Response.Headers[TusHeaders.TusResumable] = TusHeaders.Version; // OnStarting: also on a response that became a problem
            return Task.CompletedTask;
        });
        if (HttpMethods.IsOptions(context.Request.Method) || context.Request.Headers[TusHeaders.TusResumable] == TusHeaders.Version)
            return next(invocation);
        context.Response.Headers[TusHeaders.TusVersion] = TusHeaders.Version;
        return ValueTask.FromResult<object?>(Problems.Of(412, ProblemCodes.WrongTusVersion, $"Send 'Tus-Resumable: {TusHeaders.Version}': it is the version of the protocol that this server supports."));
    }

    private static NoContent Options(HttpContext context, ApiOptions options)
    {
        var headers = context.Response.Headers;
        headers[TusHeaders.TusVersion] = TusHeaders.Version;
        headers[TusHeaders.TusExtension] = TusHeaders.Extensions;
        headers[TusHeaders.TusMaxSize] = TusHeaders.Text(options.MaxImageBytes);
        headers[TusHeaders.TusChecksumAlgorithm] = string.Join(',', UploadChecksum.Algorithms.Keys);
        return TypedResults.NoContent();
    }

    private static async Task<Results<Ok, ProblemResult>> HeadAsync(HttpContext context, string id, UploadFinder finder, UploadContinuation continuation)
    {
        var (state, problem) = await finder.FindAsync(context, id);
        if (state is { IsComplete: true, Upload.ImageId: null })
        {
            // All bytes are stored and there is no image yet: the process crashed before, or completes the upload right now. Clients take
            // the offset as the end of the upload, so it is completed here.
            (var hold, problem) = await finder.HoldAsync(context, id);
            await using var _ = hold;
            if (hold is { State.Upload.ImageId: null })
                problem = await continuation.FinishAsync(context, hold);
            state = hold?.State;
        }

        if (problem is not null)
        {
            context.Response.Headers.CacheControl = "no-store";
            return problem;
        }

        context.Response.WriteState(state!);
        var (upload, headers) = (state!.Upload, context.Response.Headers);
        if (upload.Length is { } length)
            headers[TusHeaders.UploadLength] = TusHeaders.Text(length);
        else
            headers[TusHeaders.UploadDeferLength] = "1";
        if (upload.Metadata is { } metadata)
            headers[TusHeaders.UploadMetadata] = metadata;
        if (upload.ImageId is { } image)
            headers.Location = $"/api/images/{image:D}";
        return TypedResults.Ok();
    }

    private static async Task<Results<NoContent, ProblemResult>> DeleteAsync(HttpContext context, string id, UploadFinder finder)
    {
        var (hold, problem) = await finder.WaitAsync(context, id);
        await using var _ = hold;
        if (hold is null)
            return problem!;
        await hold.DeleteAsync(CancellationToken.None);
        Telemetry.ResumableUploads.Add(1, new KeyValuePair<string, object?>("outcome", "terminated"));
        return TypedResults.NoContent();
    }

    // For clients that can send neither PATCH nor DELETE.
    private static async Task<Results<NoContent, Ok, ProblemResult>> OverrideAsync(HttpContext context, string id, UploadFinder finder, UploadContinuation continuation)
    {
        return context.Request.Headers[TusHeaders.MethodOverride].ToString().ToUpperInvariant() switch
        {
            "PATCH" => Widen(await continuation.PatchAsync(context, id)),
            "DELETE" => Widen(await DeleteAsync(context, id, finder)),
            "HEAD" => (await HeadAsync(context, id, finder, continuation)).Result is ProblemResult problem ? problem : TypedResults.Ok(),
            _ => Problems.BadRequest(ProblemCodes.Malformed, $"POST to an upload needs {TusHeaders.MethodOverride}: PATCH, DELETE or HEAD."),
        };

        static Results<NoContent, Ok, ProblemResult> Widen(Results<NoContent, ProblemResult> result) =>
            result.Result is ProblemResult problem ? problem : TypedResults.NoContent();
    }
}
