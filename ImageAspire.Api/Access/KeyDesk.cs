using ImageAspire.Core.Access;
using ImageAspire.Core.Ports;
using ImageAspire.Core.Stores;

namespace ImageAspire.Api.Access;

/// <summary>Changes keys: the write with what is to be said about it, the audit log, and this instance's own copy, in this order.</summary>
internal sealed class KeyDesk(IApiKeyStore store, KeyRing ring, KeyRefresh refresh, AccessAudit audit, TimeProvider time)
{
    /// <summary>Every key, those of the configuration first, with when it was used last.</summary>
    public async Task<IReadOnlyList<KeyAnswer>> ListAsync(bool withRevoked, CancellationToken cancellationToken)
    {
        var set = (await store.ReadAsync(unless: null, cancellationToken))!;
        var uses = set.Uses.ToDictionary(one => one.KeyId, one => one.At);
        var now = time.GetUtcNow();
        return
        [
            .. ring.Configured.Select(one => KeyAnswer.Of(one.Options, one.Caller, LastUse(one.Caller.Id, uses))),
            .. set.Keys.Where(key => withRevoked || key.RevokedAt is null).Select(key => KeyAnswer.Of(key, LastUse(key.Id, uses), now)),
        ];
    }

    /// <summary>One key as it is shown, revoked ones too; null when there is none.</summary>
    public async Task<KeyAnswer?> AnswerAsync(Guid id, CancellationToken cancellationToken) =>
        (await ListAsync(withRevoked: true, cancellationToken)).FirstOrDefault(one => one.Id == id);

    /// <summary>One key; null when there is none.</summary>
    public async Task<ApiKey?> FindAsync(Guid id, CancellationToken cancellationToken) => await store.GetAsync(id, cancellationToken);

    /// <summary>Whether a key of the configuration has this id.</summary>
    public bool IsConfigured(Guid id) => ring.Configured.Any(one => one.Caller.Id == id);

    /// <summary>Whether a key of the configuration has this name.</summary>
    public bool IsConfigured(string name) => ring.Configured.Any(one => ApiKey.NameKey(one.Options.Name) == ApiKey.NameKey(name));

    /// <summary>Adds a key.</summary>
    public async Task<ApiKeyWrite> AddAsync(ApiKey key, string actor, CancellationToken cancellationToken)
    {
        var told = key with { Unrecorded = [audit.Event(AccessEventTypes.KeyCreated, key, actor, new AccessEventData { Until = key.ExpiresAt })] };
        var result = await store.AddAsync(told, cancellationToken);
        if (result == ApiKeyWrite.Done)
            await TellAsync(told, cancellationToken);
        return result;
    }

    /// <summary>Changes a key.</summary>
    /// <param name="id">Which.</param>
    /// <param name="type">What it is called in the audit log.</param>
    /// <param name="actor">Name of who does it.</param>
    /// <param name="decide">The key after the change and what to say about it; null for no change.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public async Task<(ApiKey? Key, ApiKeyWrite Result)> ChangeAsync(
        Guid id, string type, string actor, Func<ApiKey, (ApiKey After, AccessEventData Data)?> decide, CancellationToken cancellationToken)
    {
        var (key, result) = await store.ChangeAsync(id,
            before => decide(before) is var (after, data) ? after.Next(audit.Event(type, after, actor, data)) : before, cancellationToken);
        if (key is not null && result == ApiKeyWrite.Done)
            await TellAsync(key, cancellationToken);
        return (key, result);
    }

    private async Task TellAsync(ApiKey key, CancellationToken cancellationToken)
    {
        await refresh.NowAsync(cancellationToken); // first what guards the door
        await audit.RecordAsync(key, cancellationToken);
    }

    private DateTimeOffset? LastUse(Guid id, Dictionary<Guid, DateTimeOffset> written)
    {
        var here = ring.Current.All.Where(one => one.Caller.Id == id).Max(one => one.Caller.Use.LastAt);
        return !written.TryGetValue(id, out var there) || here > there ? here : there;
    }
}
