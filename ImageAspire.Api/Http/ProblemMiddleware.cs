using System.Diagnostics;
using ImageAspire.Api.Uploads.Resumable;
using ImageAspire.Core.Diagnostics;
using ImageAspire.Core.Errors;
using ImageAspire.Core.Lifecycle;
using ImageAspire.Core.Paging;
using ImageAspire.Core.Pipeline;

namespace ImageAspire.Api.Http;

/// <summary>Turns exceptions of endpoints and empty error responses into problem details, in one table for the whole Api.</summary>
internal static partial class ProblemMiddleware
{
    public static void UseProblemDetails(this WebApplication app)
    {
        var logger = app.Services.GetRequiredService<ILoggerFactory>().CreateLogger("ImageAspire.Api.Errors");
        // A log line needs an assembly that is loaded at the first of them. When no file can be opened any more it would be too late, for good.
        app.Lifetime.ApplicationStarted.Register(() => _ = LoggerMessageHelper.ThreadLocalState);
        app.Use(async (context, next) =>
        {
            try
            {
                await next(context);
                if (context.Response is { HasStarted: false, ContentLength: null, ContentType: null, StatusCode: 404 or 405 or 415 or 400 })
                    await OfStatus(context.Response.StatusCode).ExecuteAsync(context);
            }
            catch (Exception error) when (context.RequestAborted.IsCancellationRequested)
            {
                LogClientDisconnected(logger, context.Request.Method, context.Request.Path, error.Message); // no client to respond to
            }
            catch (Exception error) when (!context.Response.HasStarted)
            {
                var problem = OfException(error, logger, context);
                context.Response.Clear();
                SecurityHeaders.Set(context);
                await problem.ExecuteAsync(context);
            }
        });
    }

    private static ProblemResult OfStatus(int status) => status switch
    {
        405 => Problems.Of(405, ProblemCodes.MethodNotAllowed, "This address does not take this method; the Allow header names those that it takes."),
        415 => Problems.Of(415, ProblemCodes.UnsupportedMediaType, "This address does not take this Content-Type."),
        400 => Problems.BadRequest(ProblemCodes.Malformed, "The request cannot be read. Check its parameters."),
        _ => Problems.NotFound(),
    };

    private static ProblemResult OfException(Exception error, ILogger logger, HttpContext context)
    {
        switch (error)
        {
            case UploadRefusedException refused:
                return OfRefusal(refused);
            case InvalidCursorException:
                return Problems.BadRequest(ProblemCodes.InvalidCursor, error.Message);
            case IllegalTransitionException illegal:
                return Problems.Of(409, illegal.Code, illegal.Message);
            case BadHttpRequestException { StatusCode: 408 }:
                return Problems.Of(408, ProblemCodes.TooSlow, "The body arrived too slowly, or stopped. Send it again.");
            case BadHttpRequestException { StatusCode: 413 }:
                return Problems.Of(413, ProblemCodes.TooLarge, "The request body is too large.");
            case IOException { InnerException: OverflowException }: // how Kestrel reports a chunk of more than 2 GiB
                return Problems.Of(400, ProblemCodes.Malformed, "The request cannot be read: a chunk of its body is too large.");
            case BadHttpRequestException bad:
                return Problems.Of(bad.StatusCode, ProblemCodes.Malformed, "The request cannot be read. Check its headers, parameters and body.");
            case RetryLaterException later:
                return Problems.Of(503, ProblemCodes.Busy, later.Message, retryAfterSeconds: 1);
            case StoreUnavailableException unavailable:
                Activity.Current.Fail(error);
                LogUnavailable(logger, context.Request.Method, context.Request.Path, unavailable.Message);
                return OfStore(unavailable.Problem, context);
            case IOException or UnauthorizedAccessException or System.Data.Common.DbException:
                Activity.Current.Fail(error);
                LogStorage(logger, context.Request.Method, context.Request.Path, error);
                return OfStore(StoreProblem.Unavailable, context);
            default:
                Activity.Current.Fail(error);
                LogUnexpected(logger, context.Request.Method, context.Request.Path, error);
                return Problems.Of(500, ProblemCodes.Unexpected, "The server failed unexpectedly. Use the trace id to find the error in its log.");
        }
    }

    /// <summary>Describes the failure of a store to callers, without names of files or hosts: those are in the log.</summary>
    private static ProblemResult OfStore(StoreProblem problem, HttpContext context)
    {
        var (kept, again) = EffectOf(context);
        return problem switch
        {
            StoreProblem.Full => Problems.Of(507, ProblemCodes.StorageFull,
                $"There is no space left in the store. {kept}; {again} when an operator has freed space.", retryAfterSeconds: 10),
            StoreProblem.NearlyFull => Problems.Of(507, ProblemCodes.StorageFull,
                $"The store is nearly full, and what is left is kept for deletes. {kept}; {again} when an operator has freed space.", retryAfterSeconds: 10),
            StoreProblem.Busy => Problems.Of(503, ProblemCodes.StorageUnavailable,
                $"The store is locked by another process, or too many files are open. {kept}; {again}.", retryAfterSeconds: 2),
            StoreProblem.ReadOnly => Problems.Of(503, ProblemCodes.StorageUnavailable,
                $"The store can only be read right now. {kept}; {again} when an operator has fixed that.", retryAfterSeconds: 10),
            StoreProblem.Missing => Problems.Of(503, ProblemCodes.StorageUnavailable,
                $"Files of the store are missing. {kept}; {again} when an operator has put them back.", retryAfterSeconds: 10),
            StoreProblem.Damaged => Problems.Of(503, ProblemCodes.StorageDamaged,
                $"The store is damaged. {kept}; an operator has to restore a backup.", retryAfterSeconds: 60),
            _ => Problems.Of(503, ProblemCodes.StorageUnavailable,
                $"The store cannot be used right now. {kept}; {again}.", retryAfterSeconds: 5),
        };
    }

    private static (string Kept, string Again) EffectOf(HttpContext context)
    {
        if (HttpMethods.IsGet(context.Request.Method) || HttpMethods.IsHead(context.Request.Method))
            return ("Nothing was changed", "send the request again");
        if (context.GetEndpoint()?.Metadata.GetMetadata<TusOperation>() is { IsOfOne: true })
            return ("The upload is kept", "request its offset and continue");
        return OnlyWrite.IsNothingKept(context) ? ("Nothing was kept", "send the request again")
            : ("It is not known whether the request took effect", "look before you send it again");
    }

    public static ProblemResult OfRefusal(UploadRefusedException refused) => refused.Reason switch
    {
        UploadRefusal.Empty => Problems.BadRequest(ProblemCodes.EmptyFile, refused.Message),
        UploadRefusal.TooLarge => Problems.Of(413, ProblemCodes.TooLarge, refused.Message),
        UploadRefusal.OverQuota => Problems.Of(507, ProblemCodes.QuotaExceeded, refused.Message),
        _ => Problems.Of(415, ProblemCodes.UnsupportedFormat, refused.Message),
    };

    [LoggerMessage(LogLevel.Debug, "{Method} {Path}: the client disconnected ({Reason}).")]
    private static partial void LogClientDisconnected(ILogger logger, string method, string path, string reason);

    [LoggerMessage(LogLevel.Error, "{Method} {Path}: the store failed.")]
    private static partial void LogStorage(ILogger logger, string method, string path, Exception error);

    [LoggerMessage(LogLevel.Error, "{Method} {Path}: {Reason}")]
    private static partial void LogUnavailable(ILogger logger, string method, string path, string reason);

    [LoggerMessage(LogLevel.Error, "{Method} {Path} failed.")]
    private static partial void LogUnexpected(ILogger logger, string method, string path, Exception error);
}
