using Azure;
using Azure.Identity;
using Azure.Storage.Blobs.Models;
using ImageAspire.Core.Errors;
using ImageAspire.Core.Heartbeats;

namespace ImageAspire.Azure.Blobs;

/// <summary>Translates errors of Blob Storage into the errors of the port. The SDK has already retried transient ones.</summary>
internal static class BlobErrors
{
    /// <summary>The blob does not exist. A HEAD request has no body, hence the status.</summary>
    public static bool IsMissing(RequestFailedException error) => error.Status == 404 && error.ErrorCode != BlobErrorCode.ContainerNotFound;

    /// <summary>The name exists already: 409 when the service checks first, 412 when it checks the condition at the end.</summary>
    public static bool IsTaken(RequestFailedException error) =>
        error.Status == 412 || error.Status == 409 && error.ErrorCode == BlobErrorCode.BlobAlreadyExists;

    /// <summary>The range begins after the last byte.</summary>
    public static bool IsBeyondEnd(RequestFailedException error) => error.Status == 416;

    /// <summary>
    /// Whether an error is of the service or the network: an error response, no response after every retry (then the SDK throws all errors in
    /// one), a timeout, no token.
    /// </summary>
    public static bool IsOfService(Exception error, CancellationToken ours) =>
        error is RequestFailedException or AuthenticationFailedException or AggregateException { InnerException: RequestFailedException or OperationCanceledException }
        || error is OperationCanceledException && !ours.IsCancellationRequested;

    /// <summary>The port's exception for an error of the service.</summary>
    public static StoreUnavailableException Unavailable(Exception error) => new(
        error switch
        {
            RequestFailedException answer when answer.ErrorCode == BlobErrorCode.ContainerNotFound =>
                "A blob container does not exist. The AppHost creates both; check the connections 'images' and 'uploads'.",
            RequestFailedException { Status: 401 or 403 } => "Blob storage refuses this service. Give its identity the role 'Storage Blob Data Contributor' on the account.",
            AuthenticationFailedException => "Blob storage needs an identity, and this process has none.",
            RequestFailedException { Status: > 0 } answer => $"Blob storage returned an error (HTTP {answer.Status}, {answer.ErrorCode ?? "no code"}).",
            _ => "Blob storage does not respond.",
        }, error) { Dependency = DependencyNames.Blobs, Cause = CauseOf(error) };

    private static string CauseOf(Exception error) => error switch
    {
        RequestFailedException { Status: > 0 } answer => Fault.CauseOfStatus(answer.Status),
        AuthenticationFailedException => FaultCauses.DependencyRefused,
        OperationCanceledException or AggregateException { InnerException: OperationCanceledException } => FaultCauses.DependencySlow,
        _ => Fault.OfCall(error, DependencyNames.Blobs, FaultCauses.DependencyAway).Cause,
    };

    /// <summary>Calls the service and translates its errors.</summary>
    /// <param name="call">The call.</param>
    /// <param name="cancellationToken">The call's token.</param>
    /// <exception cref="StoreUnavailableException">The service does not respond, or refuses.</exception>
    public static async Task<T> CallAsync<T>(Func<Task<T>> call, CancellationToken cancellationToken)
    {
        try
        {
            return await call();
        }
        catch (Exception error) when (IsOfService(error, cancellationToken))
        {
            throw Unavailable(error);
        }
    }
}
