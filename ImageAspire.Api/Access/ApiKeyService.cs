using ImageAspire.Core.Access;
using ImageAspire.Core.Ports;
using ImageAspire.Core.Stores;

namespace ImageAspire.Api.Access;

/// <summary>Lists and changes API keys. A change is stored together with its audit event; then this instance's cache and the audit log follow.</summary>
internal sealed class ApiKeyService(IApiKeyStore store, ApiKeyCache cache, ApiKeyCacheRefresher refresher, ApiKeyAudit audit, TimeProvider time)
{
    /// <summary>All keys, configured ones first, with their last use and their quotas.</summary>
    public async Task<IReadOnlyList<KeyAnswer>> ListAsync(bool withRevoked, CancellationToken cancellationToken)
    {
        var set = (await store.ReadAsync(unless: null, cancellationToken))!;
        var uses = set.Uses.ToDictionary(one => one.KeyId, one => one.At);
        var now = time.GetUtcNow();
        return
        [
            .. cache.Configured.Select(one => KeyAnswer.Of(one.Options, one.Caller, LastUse(one.Caller.Id, uses))),
            .. set.Keys.Where(key => withRevoked || key.RevokedAt is null).Select(key => KeyAnswer.Of(key, cache.QuotaOf(key), LastUse(key.Id, uses), now)),
        ];
    }

    /// <summary>One key as shown to callers, also a revoked one; null when there is none.</summary>
    public async Task<KeyAnswer?> AnswerAsync(Guid id, CancellationToken cancellationToken) =>
        (await ListAsync(withRevoked: true, cancellationToken)).FirstOrDefault(one => one.Id == id);

    /// <summary>One key; null when there is none.</summary>
    public async Task<ApiKey?> FindAsync(Guid id, CancellationToken cancellationToken) => await store.GetAsync(id, cancellationToken);

    /// <summary>Whether a configured key has this id.</summary>
    public bool IsConfigured(Guid id) => cache.Configured.Any(one => one.Caller.Id == id);

    /// <summary>Whether a configured key has this name.</summary>
    public bool IsConfigured(string name) => cache.Configured.Any(one => ApiKey.NameKey(one.Options.Name) == ApiKey.NameKey(name));

    /// <summary>The quota in force for a key; null for not limited.</summary>
    public long? QuotaOf(ApiKey key) => cache.QuotaOf(key);

    /// <summary>Whether this instance refuses a key as revoked.</summary>
    public bool IsRevokedHere(Guid id) => cache.Current.All.Any(one => one.Caller.Id == id && one.IsRevoked);

    /// <summary>Adds a key.</summary>
    public async Task<ApiKeyWrite> AddAsync(ApiKey key, string actor, CancellationToken cancellationToken)
    {
        var stored = key with { Unrecorded = [audit.CreateEvent(AccessEventTypes.KeyCreated, key, actor, new AccessEventData { Until = key.ExpiresAt })] };
        var result = await store.AddAsync(stored, cancellationToken);
        if (result == ApiKeyWrite.Done)
            await PropagateAsync(stored, cancellationToken);
        return result;
    }

    /// <summary>Changes a key.</summary>
    /// <param name="id">Id of the key.</param>
    /// <param name="type">Type of the audit event.</param>
    /// <param name="actor">Name of the caller.</param>
    /// <param name="decide">The key after the change and the data of its audit event; null for no change.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    public async Task<(ApiKey? Key, ApiKeyWrite Result)> ChangeAsync(
        Guid id, string type, string actor, Func<ApiKey, (ApiKey After, AccessEventData Data)?> decide, CancellationToken cancellationToken)
    {
        var (key, result) = await store.ChangeAsync(id,
            before => decide(before) is var (after, data) ? after.Next(audit.CreateEvent(type, after, actor, data)) : before, cancellationToken);
        if (key is not null && result == ApiKeyWrite.Done)
            await PropagateAsync(key, cancellationToken);
        return (key, result);
    }

    /// <summary>Revokes a key. This instance refuses it before that is stored, so that a full disk does not protect a stolen key.</summary>
    /// <param name="id">Id of the key.</param>
    /// <param name="actor">Name of the caller.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>The key; null when there is none.</returns>
    public async Task<ApiKey?> RevokeAsync(Guid id, string actor, CancellationToken cancellationToken)
    {
        await cache.RevokeAsync(id);
        var (key, _) = await ChangeAsync(id, AccessEventTypes.KeyRevoked, actor, before => before.RevokedAt is not null ? null
            : (before with { RevokedAt = time.GetUtcNow(), RevokedBy = actor }, new AccessEventData()), cancellationToken);
        return key;
    }

    private async Task PropagateAsync(ApiKey key, CancellationToken cancellationToken)
    {
        await refresher.RefreshAsync(cancellationToken); // first: the change must apply to the next request
        await audit.RecordAsync(key, cancellationToken);
    }

    private DateTimeOffset? LastUse(Guid id, Dictionary<Guid, DateTimeOffset> written)
    {
        var here = cache.Current.All.Where(one => one.Caller.Id == id).Max(one => one.Caller.Usage.LastAt);
        return !written.TryGetValue(id, out var there) || here > there ? here : there;
    }
}
