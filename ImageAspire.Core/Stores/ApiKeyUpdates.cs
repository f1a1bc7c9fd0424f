using ImageAspire.Core.Access;
using ImageAspire.Core.Errors;
using ImageAspire.Core.Ports;

namespace ImageAspire.Core.Stores;

/// <summary>Read, decide, write with the expected version; after a concurrent change, read and decide again.</summary>
public static class ApiKeyUpdates
{
    private const int MaxRounds = 20;

    /// <summary>Changes a key.</summary>
    /// <param name="store">The store.</param>
    /// <param name="id">The key.</param>
    /// <param name="decide">The key as it is to be, with its version one higher; the same object for no change.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The key as it now is, null when there is none; and <see cref="ApiKeyWrite.NameTaken"/> when another key has the name.</returns>
    /// <exception cref="RetryLaterException">Concurrent changes never end.</exception>
    public static async Task<(ApiKey? Key, ApiKeyWrite Result)> ChangeAsync(
        this IApiKeyStore store, Guid id, Func<ApiKey, ApiKey> decide, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(decide);
        for (var round = 0; round < MaxRounds; round++)
        {
            if (await store.GetAsync(id, cancellationToken) is not { } before)
                return (null, ApiKeyWrite.Done);
            var after = decide(before);
            if (ReferenceEquals(before, after))
                return (after, ApiKeyWrite.Done);
            var result = await store.ReplaceAsync(after, cancellationToken);
            if (result != ApiKeyWrite.Stale)
                return (result == ApiKeyWrite.Done ? after : before, result);
        }

        throw new RetryLaterException($"Key {id} is being changed concurrently; retry.") { Fault = new Fault(FaultCauses.Conflict) };
    }
}
