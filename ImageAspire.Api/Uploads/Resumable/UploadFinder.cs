using ImageAspire.Api.Access;
using ImageAspire.Api.Http;
using ImageAspire.Core.Ports;
using ImageAspire.Core.Uploads;

namespace ImageAspire.Api.Uploads.Resumable;

/// <summary>Finds an upload of the key that created it, or the problem why there is none.</summary>
internal sealed class UploadFinder(IUploadStore store, TimeProvider time)
{
    // A client that cancels closes its connection and sends DELETE at once: the request that still writes needs a moment to notice.
    private const int MaxAttempts = 60;
    private static readonly TimeSpan RetryDelay = TimeSpan.FromMilliseconds(50);

    /// <summary>The upload, or the problem.</summary>
    public async Task<(UploadState? State, ProblemResult? Problem)> FindAsync(HttpContext context, string id)
    {
        if (!Guid.TryParseExact(id, "D", out var known) || await store.FindAsync(Caller.Of(context).Id, known, context.RequestAborted) is not { } state)
            return (null, NoSuchUpload(id));
        return state.ExpiresAt > time.GetUtcNow() ? (state, null)
            : (null, Problems.Of(410, ProblemCodes.UploadExpired, "This upload was not continued in time. Create it again."));
    }

    /// <summary>Locks the upload for this request; the problem when another request holds it.</summary>
    public async Task<(IUploadLease? Hold, ProblemResult? Problem)> HoldAsync(HttpContext context, string id)
    {
        var (_, problem) = await FindAsync(context, id);
        if (problem is not null)
            return (null, problem);
        var hold = await store.TryAcquireAsync(Caller.Of(context).Id, Guid.ParseExact(id, "D"), context.RequestAborted);
        return hold is not null ? (hold, null)
            : (null, Problems.Of(423, ProblemCodes.UploadLocked, "Another request is writing to this upload. Request its offset in a moment and continue.", retryAfterSeconds: 1));
    }

    /// <summary>Locks the upload, waiting up to three seconds for the request that holds it.</summary>
    public async Task<(IUploadLease? Hold, ProblemResult? Problem)> WaitAsync(HttpContext context, string id)
    {
        for (var attempt = 0; ; attempt++)
        {
            var (hold, problem) = await HoldAsync(context, id);
            if (problem?.Problem.Status != 423 || attempt == MaxAttempts)
                return (hold, problem);
            await Task.Delay(RetryDelay, time, context.RequestAborted);
        }
    }

    private static ProblemResult NoSuchUpload(string id) =>
        Problems.NotFound($"There is no upload '{id}' of this key. It may have expired or been removed; create it again.");
}
