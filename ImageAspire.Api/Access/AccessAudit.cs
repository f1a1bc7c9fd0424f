using System.Diagnostics;
using ImageAspire.Core.Access;
using ImageAspire.Core.Errors;
using ImageAspire.Core.Ports;
using ImageAspire.Core.Stores;

namespace ImageAspire.Api.Access;

/// <summary>
/// Brings what happens to keys into the audit log. A change is written together with what is to be said about it; then it is said, then
/// struck off. So the log may be away for a while, and a crash in between loses nothing: the next look at the keys catches up.
/// </summary>
internal sealed partial class AccessAudit(IServiceProvider services, TimeProvider time, ILogger<AccessAudit> logger)
{
    private const int MaxUnrecorded = 50;

    // Younger than this it is in the hands of the request that made it.
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(5);

    /// <summary>What happened to a key, for the log.</summary>
    /// <param name="type">What; one of <see cref="AccessEventTypes"/>.</param>
    /// <param name="key">The key after it.</param>
    /// <param name="actor">Name of who did it.</param>
    /// <param name="data">More about it.</param>
    /// <exception cref="RetryLaterException">The log has been away for so long that no more may wait.</exception>
    public AccessEvent Event(string type, ApiKey key, string actor, AccessEventData data)
    {
        if (key.Unrecorded.Count >= MaxUnrecorded)
            throw new RetryLaterException("The audit log cannot be written right now, and too much waits for it. Try again later.");
        return new AccessEvent(Guid.CreateVersion7(time.GetUtcNow()), type, key.Id, actor, time.GetUtcNow(), Activity.Current?.Id,
            data with { KeyName = key.Name, Scopes = key.Scopes });
    }

    /// <summary>Says what waits, and strikes it off. When that cannot be done, it goes on waiting.</summary>
    public async Task RecordAsync(ApiKey key, CancellationToken cancellationToken)
    {
        try
        {
            var log = services.GetRequiredService<IAuditLog>();
            foreach (var one in key.Unrecorded)
                await log.AppendAsync(one, cancellationToken);
            var said = key.Unrecorded.Select(one => one.Id).ToHashSet();
            await services.GetRequiredService<IApiKeyStore>().ChangeAsync(key.Id,
                now => now.Unrecorded.Any(one => said.Contains(one.Id))
                    ? now with { Version = now.Version + 1, Unrecorded = [.. now.Unrecorded.Where(one => !said.Contains(one.Id))] } : now,
                cancellationToken);
        }
        catch (Exception error) when (!cancellationToken.IsCancellationRequested)
        {
            LogLater(logger, key.Id, error); // it is in the store, and the next look at the keys tries again
        }
    }

    /// <summary>Says what was left behind.</summary>
    public async Task CatchUpAsync(IEnumerable<ApiKey> keys, CancellationToken cancellationToken)
    {
        var before = time.GetUtcNow() - Grace;
        foreach (var key in keys.Where(key => key.Unrecorded.Any(one => one.Time < before)))
            await RecordAsync(key, cancellationToken);
    }

    [LoggerMessage(LogLevel.Warning, "What happened to key {KeyId} is not in the audit log yet; it is tried again.")]
    private static partial void LogLater(ILogger logger, Guid keyId, Exception error);
}
