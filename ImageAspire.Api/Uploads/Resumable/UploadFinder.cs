using ImageAspire.Api.Access;
using ImageAspire.Api.Http;
using ImageAspire.Core.Ports;
using ImageAspire.Core.Uploads;

namespace ImageAspire.Api.Uploads.Resumable;

/// <summary>Finds an upload for the key that began it, and says why there is none.</summary>
internal sealed class UploadFinder(IUploadStore store, TimeProvider time)
{
    // A client that cancels breaks its connection off and asks for the removal at once: what still writes needs a moment to notice.
    private const int Looks = 60;
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(50);

    /// <summary>The upload, or the problem.</summary>
    public async Task<(UploadState? State, ProblemResult? Problem)> FindAsync(HttpContext context, string id)
    {
        if (!Guid.TryParseExact(id, "D", out var known) || await store.FindAsync(Caller.Of(context).Id, known, context.RequestAborted) is not { } state)
            return (null, NoSuchUpload(id));
        return state.ExpiresAt > time.GetUtcNow() ? (state, null)
            : (null, Problems.Of(410, ProblemCodes.UploadExpired, "This upload was not continued for too long. Begin it again."));
    }

    /// <summary>The upload for this call alone, or the problem; it does not wait for others.</summary>
    public async Task<(IUploadLease? Hold, ProblemResult? Problem)> HoldAsync(HttpContext context, string id)
    {
        var (_, problem) = await FindAsync(context, id);
        if (problem is not null)
            return (null, problem);
        var hold = await store.TryAcquireAsync(Caller.Of(context).Id, Guid.ParseExact(id, "D"), context.RequestAborted);
        return hold is not null ? (hold, null)
            : (null, Problems.Of(423, ProblemCodes.UploadLocked, "Another request is writing to this upload. Ask for its offset in a moment and go on.", retryAfterSeconds: 1));
    }

    /// <summary>The same, but it waits some seconds for the one that has it.</summary>
    public async Task<(IUploadLease? Hold, ProblemResult? Problem)> WaitAsync(HttpContext context, string id)
    {
        for (var looks = 0; ; looks++)
        {
            var (hold, problem) = await HoldAsync(context, id);
            if (problem?.Problem.Status != 423 || looks == Looks)
                return (hold, problem);
            await Task.Delay(Look, time, context.RequestAborted);
        }
    }

    private static ProblemResult NoSuchUpload(string id) =>
        Problems.NotFound($"There is no upload '{id}' of this key. It may be over, or it was removed; begin it again.");
}
