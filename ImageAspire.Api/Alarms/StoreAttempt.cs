using ImageAspire.Core.Errors;

namespace ImageAspire.Api.Alarms;

/// <summary>Calls of stores that may be away: a look at the system waits for none of them for long.</summary>
internal static class StoreAttempt
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    /// <summary>The result; null when the store is away or does not answer within three seconds.</summary>
    public static async Task<T?> RunAsync<T>(Func<CancellationToken, Task<T?>> attempt, TimeProvider time, CancellationToken cancellationToken)
        where T : class
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        try
        {
            return await attempt(limit.Token).WaitAsync(Patience, time, cancellationToken);
        }
        catch (Exception error) when (error is StoreUnavailableException or TimeoutException)
        {
            return null;
        }
        finally
        {
            await limit.CancelAsync();
        }
    }
}
