using System.Text.Json;

namespace ImageAspire.Api.Http;

/// <summary>Problem details (RFC 9457) with a stable code.</summary>
/// <param name="Type">A URI reference that names the kind of problem.</param>
/// <param name="Title">The kind of problem, in a few words.</param>
/// <param name="Status">HTTP status.</param>
/// <param name="Code">Stable code, for example <c>too-large</c>.</param>
/// <param name="Detail">What is wrong with this request, and what to do.</param>
/// <param name="TraceId">Trace of the request.</param>
public sealed record ApiProblem(string Type, string Title, int Status, string Code, string Detail, string? TraceId = null);

/// <summary>The stable codes.</summary>
internal static class ProblemCodes
{
    public const string MissingKey = "missing-key";
    public const string WrongKey = "wrong-key";
    public const string RevokedKey = "revoked-key";
    public const string ExpiredKey = "expired-key";
    public const string LockedOut = "locked-out";
    public const string MissingScope = "missing-scope";
    public const string CrossSite = "cross-site";
    public const string RateLimited = "rate-limited";
    public const string NotFound = "not-found";
    public const string MethodNotAllowed = "method-not-allowed";
    public const string Malformed = "malformed-request";
    public const string MalformedJson = "malformed-json";
    public const string MalformedMultipart = "malformed-multipart";
    public const string UnknownMember = "unknown-member";
    public const string InvalidName = "invalid-name";
    public const string InvalidTags = "invalid-tags";
    public const string InvalidLimit = "invalid-limit";
    public const string InvalidCursor = "invalid-cursor";
    public const string InvalidParameter = "invalid-parameter";
    public const string InvalidSize = "invalid-size";
    public const string EmptyFile = "empty-file";
    public const string NoFile = "no-file";
    public const string TooManyFiles = "too-many-files";
    public const string TooLarge = "too-large";
    public const string UnsupportedFormat = "unsupported-format";
    public const string UnsupportedMediaType = "unsupported-media-type";
    public const string StaleVersion = "stale-version";
    public const string ThumbnailNotReady = "thumbnail-not-ready";
    public const string NoThumbnail = "no-thumbnail";
    public const string InvalidUrl = "invalid-url";
    public const string UnknownEventType = "unknown-event-type";
    public const string TooManyWebhooks = "too-many-webhooks";
    public const string WebhookDisabled = "webhook-disabled";
    public const string StageRunActive = "stage-run-active";
    public const string InvalidScopes = "invalid-scopes";
    public const string InvalidExpiry = "invalid-expiry";
    public const string ScopeBeyondOwn = "scope-beyond-own";
    public const string NameTaken = "name-taken";
    public const string TooManyKeys = "too-many-keys";
    public const string ConfiguredKey = "configured-key";
    public const string KeyIsRevoked = "key-is-revoked";
    public const string WrongTusVersion = "wrong-tus-version";
    public const string InvalidOffset = "invalid-offset";
    public const string InvalidLength = "invalid-length";
    public const string InvalidMetadata = "invalid-metadata";
    public const string InvalidChecksum = "invalid-checksum";
    public const string OffsetMismatch = "offset-mismatch";
    public const string ChecksumMismatch = "checksum-mismatch";
    public const string UploadExpired = "upload-expired";
    public const string UploadLocked = "upload-locked";
    public const string TooManyUploads = "too-many-uploads";
    public const string UploadQuota = "upload-quota";
    public const string Busy = "busy";
    public const string StorageUnavailable = "storage-unavailable";
    public const string StorageFull = "storage-full";
    public const string StorageDamaged = "storage-damaged";
    public const string Unexpected = "unexpected-error";
}

/// <summary>A problem as the result of an endpoint.</summary>
/// <param name="status">HTTP status.</param>
/// <param name="code">Stable code.</param>
/// <param name="detail">What is wrong and what to do.</param>
/// <param name="retryAfterSeconds">Value of Retry-After; null for none.</param>
internal sealed class ProblemResult(int status, string code, string detail, int? retryAfterSeconds = null) : IResult
{
    public ApiProblem Problem => new($"/problems/{code}", Title(status), status, code, detail);

    public Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        response.StatusCode = status;
        response.ContentType = "application/problem+json";
        response.Headers.CacheControl = "no-store";
        if (retryAfterSeconds is { } seconds)
            response.Headers.RetryAfter = seconds.ToString(System.Globalization.CultureInfo.InvariantCulture);
        var problem = Problem with { TraceId = System.Diagnostics.Activity.Current?.TraceId.ToHexString() };
        var body = JsonSerializer.SerializeToUtf8Bytes(problem, ApiJson.Default.ApiProblem);
        response.ContentLength = body.Length;
        return HttpMethods.IsHead(httpContext.Request.Method)
            ? Task.CompletedTask
            : response.Body.WriteAsync(body, httpContext.RequestAborted).AsTask();
    }

    public static string Title(int status) => status switch
    {
        400 => "The request is malformed",
        401 => "A key is needed",
        403 => "Not allowed",
        404 => "Not found",
        405 => "Method not allowed",
        409 => "Not possible in this state",
        410 => "No longer there",
        412 => "A precondition is not met",
        413 => "Too large",
        415 => "Not an accepted type",
        423 => "Locked by another request",
        429 => "Too many requests",
        460 => "Checksum mismatch",
        503 => "Not available right now",
        507 => "No space left",
        _ => "Something went wrong",
    };
}

/// <summary>Factories of problems that several endpoints use.</summary>
internal static class Problems
{
    public static ProblemResult Of(int status, string code, string detail, int? retryAfterSeconds = null) => new(status, code, detail, retryAfterSeconds);

    public static ProblemResult BadRequest(string code, string detail) => new(400, code, detail);

    public static ProblemResult NotFound(string what = "There is nothing at this address.") => new(404, ProblemCodes.NotFound, what);

    public static ProblemResult NoSuchImage(string id) => NotFound($"There is no image '{id}'. It may have been deleted.");

    public static ProblemResult Stale(long version) => new(412, ProblemCodes.StaleVersion,
        $"The image has changed: its version is now {version}. Read it again and repeat the change with the new ETag.");
}
