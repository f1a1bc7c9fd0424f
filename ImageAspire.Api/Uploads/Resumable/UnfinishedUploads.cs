using ImageAspire.Api.Access;
using ImageAspire.Api.Http;
using ImageAspire.Core.Pipeline;
using ImageAspire.Core.Ports;

namespace ImageAspire.Api.Uploads.Resumable;

/// <summary>What unfinished uploads of a key may come to: a number, bytes, and its storage quota, of which they are a part.</summary>
internal sealed class UnfinishedUploads(IUploadStore store, UploadAdmission admission, ResumableOptions limits, ApiOptions options)
{
    /// <summary>Why a key may not begin another upload; null when it may.</summary>
    /// <param name="caller">The key.</param>
    /// <param name="length">Size of the upload in bytes; null when it is unknown.</param>
    /// <param name="cancellationToken">Cancels the count.</param>
    public async Task<ProblemResult?> FindProblemAsync(Caller caller, long? length, CancellationToken cancellationToken)
    {
        if (length > options.MaxImageBytes)
            return ProblemMiddleware.OfRefusal(UploadRefusedException.TooLarge(options.MaxImageBytes));
        var usage = await store.CountAsync(caller.Id, cancellationToken);
        if (usage.Count >= limits.UnfinishedPerKey)
        {
            return Problems.Of(429, ProblemCodes.TooManyUploads,
                $"This key has {usage.Count} unfinished uploads, and may have {limits.UnfinishedPerKey}. Finish or remove one (DELETE), then begin the next.", retryAfterSeconds: 30);
        }

        var taken = usage.Bytes + usage.Open * options.MaxImageBytes;
        return taken + MostBytes(length) > limits.UnfinishedBytesPerKey
            ? Problems.Of(507, ProblemCodes.UploadQuota,
                $"The unfinished uploads of this key may come to {taken} bytes; no more than {limits.UnfinishedBytesPerKey} are allowed. Finish or remove one (DELETE), then begin the next.")
            : null;
    }

    /// <summary>Reserves the bytes of an upload until it is created, and counts by itself.</summary>
    /// <exception cref="UploadRefusedException">They exceed the key's quota.</exception>
    public Task<AdmittedUpload> AdmitAsync(Caller caller, long? length, CancellationToken cancellationToken) =>
        admission.AdmitAsync(caller, MostBytes(length), cancellationToken);

    // An upload without a length may become as large as the largest image.
    private long MostBytes(long? length) => length ?? options.MaxImageBytes;
}
