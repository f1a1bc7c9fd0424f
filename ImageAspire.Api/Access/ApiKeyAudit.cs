using System.Diagnostics;
using ImageAspire.Core.Access;
using ImageAspire.Core.Errors;
using ImageAspire.Core.Ports;
using ImageAspire.Core.Stores;

namespace ImageAspire.Api.Access;

/// <summary>
/// Records changes of API keys in the audit log. A change is stored together with its event (an outbox in the key), the event is appended to the
/// log, then it is removed from the key. So the log may be unavailable for a while, and a crash loses nothing: the next refresh records it.
/// </summary>
internal sealed partial class ApiKeyAudit(IServiceProvider services, TimeProvider time, ILogger<ApiKeyAudit> logger)
{
    private const int MaxUnrecorded = 50;

    // Younger ones are recorded by the request that made the change.
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(5);

    /// <summary>An event about a key, for the log.</summary>
    /// <param name="type">One of <see cref="AccessEventTypes"/>.</param>
    /// <param name="key">The key after the change.</param>
    /// <param name="actor">Name of the caller.</param>
    /// <param name="data">Further data.</param>
    /// <exception cref="RetryLaterException">The log was unavailable for so long that the key holds the most unrecorded events.</exception>
    public AccessEvent CreateEvent(string type, ApiKey key, string actor, AccessEventData data)
    {
        if (key.Unrecorded.Count >= MaxUnrecorded)
            throw new RetryLaterException("The audit log is unavailable and too many entries wait for it. Try again later.");
        return new AccessEvent(Guid.CreateVersion7(time.GetUtcNow()), type, key.Id, actor, time.GetUtcNow(), Activity.Current?.Id,
            data with { KeyName = key.Name, Scopes = key.Scopes });
    }

    /// <summary>Appends the unrecorded events of a key to the log and removes them from the key. When that fails, they stay unrecorded.</summary>
    public async Task RecordAsync(ApiKey key, CancellationToken cancellationToken)
    {
        try
        {
            var log = services.GetRequiredService<IAuditLog>();
            foreach (var one in key.Unrecorded)
                await log.AppendAsync(one, cancellationToken);
            var recorded = key.Unrecorded.Select(one => one.Id).ToHashSet();
            await services.GetRequiredService<IApiKeyStore>().ChangeAsync(key.Id,
                now => now.Unrecorded.Any(one => recorded.Contains(one.Id))
                    ? now with { Version = now.Version + 1, Unrecorded = [.. now.Unrecorded.Where(one => !recorded.Contains(one.Id))] } : now,
                cancellationToken);
        }
        catch (Exception error) when (!cancellationToken.IsCancellationRequested)
        {
            LogLater(logger, key.Id, error); // they are in the store, and the next refresh tries again
        }
    }

    /// <summary>Records events that an earlier failure or crash left unrecorded.</summary>
    public async Task RecordPendingAsync(IEnumerable<ApiKey> keys, CancellationToken cancellationToken)
    {
        var before = time.GetUtcNow() - Grace;
        foreach (var key in keys.Where(key => key.Unrecorded.Any(one => one.Time < before)))
            await RecordAsync(key, cancellationToken);
    }

    [LoggerMessage(LogLevel.Warning, "Events of key {KeyId} are not in the audit log yet and will be retried.")]
    private static partial void LogLater(ILogger logger, Guid keyId, Exception error);
}
