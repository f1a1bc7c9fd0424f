using Azure;
using Azure.Identity;
using Azure.Storage.Blobs.Models;
using ImageAspire.Core.Errors;

namespace ImageAspire.Azure.Blobs;

/// <summary>What the service's errors mean to us. The SDK has retried what is worth a retry before they get here.</summary>
internal static class BlobErrors
{
    /// <summary>No such blob. A HEAD request has no body, hence the status.</summary>
    public static bool IsMissing(RequestFailedException error) => error.Status == 404 && error.ErrorCode != BlobErrorCode.ContainerNotFound;

    /// <summary>Somebody has this name already: 409 when the service sees it at once, 412 when it checks the condition at the end.</summary>
    public static bool IsTaken(RequestFailedException error) =>
        error.Status == 412 || error.Status == 409 && error.ErrorCode == BlobErrorCode.BlobAlreadyExists;

    /// <summary>The range begins after the last byte.</summary>
    public static bool IsBeyondEnd(RequestFailedException error) => error.Status == 416;

    /// <summary>
    /// Whether an error is the service's, or of the way to it: an answer, no answer after every retry (then the SDK throws all of them in one),
    /// no answer in time, no token.
    /// </summary>
    public static bool IsOfService(Exception error, CancellationToken ours) =>
        error is RequestFailedException or AuthenticationFailedException or AggregateException { InnerException: RequestFailedException or OperationCanceledException }
        || error is OperationCanceledException && !ours.IsCancellationRequested;

    /// <summary>As the port says it: not the caller's fault, try again later.</summary>
    public static StoreUnavailableException Unavailable(Exception error) => new(
        error switch
        {
            RequestFailedException answer when answer.ErrorCode == BlobErrorCode.ContainerNotFound =>
                "A blob container does not exist. The AppHost creates both; check the connections 'images' and 'uploads'.",
            RequestFailedException { Status: 401 or 403 } => "Blob storage refuses this service. Give its identity the role 'Storage Blob Data Contributor' on the account.",
            AuthenticationFailedException => "There is no identity to show to Blob storage.",
            RequestFailedException { Status: > 0 } answer => $"Blob storage does not answer as it should (HTTP {answer.Status}, {answer.ErrorCode ?? "no code"}).",
            _ => "Blob storage does not answer.",
        }, error);

    /// <summary>Asks the service, and tells its errors as the port does.</summary>
    /// <param name="ask">The question.</param>
    /// <param name="cancellationToken">That of the question.</param>
    /// <exception cref="StoreUnavailableException">The service does not answer, or refuses.</exception>
    public static async Task<T> AskAsync<T>(Func<Task<T>> ask, CancellationToken cancellationToken)
    {
        try
        {
            return await ask();
        }
        catch (Exception error) when (IsOfService(error, cancellationToken))
        {
            throw Unavailable(error);
        }
    }
}
