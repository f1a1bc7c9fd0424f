using ImageAspire.Core.Access;
using ImageAspire.Core.Ports;

namespace ImageAspire.Api.Access;

/// <summary>Whether a secret is valid, and if not, why.</summary>
internal enum ApiKeyStatus
{
    /// <summary>It is valid.</summary>
    Valid,

    /// <summary>It belongs to no key.</summary>
    Unknown,

    /// <summary>Its key was revoked.</summary>
    Revoked,

    /// <summary>It expired, or its key was rotated.</summary>
    Expired,

    /// <summary>Unknown so far: the store of the keys was never read.</summary>
    NotLoaded,
}

/// <summary>
/// API keys in memory: configured ones, and a copy of those in the store (see <see cref="ApiKeyCacheRefresher"/>), which stays in use while the
/// store is unavailable. Bounded by <see cref="ApiKey.Most"/>.
/// </summary>
internal sealed class ApiKeyCache
{
    private readonly AccessOptions _options;
    private readonly TimeProvider _time;
    private readonly List<Credential> _configured = [];
    private readonly Lock _lock = new();
    private readonly HashSet<Guid> _revoked = []; // here, and perhaps not in the store yet
    private IReadOnlyList<ApiKey> _keys = [];
    private TaskCompletionSource _refresh = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile Credentials _credentials;

    public ApiKeyCache(AccessOptions options, TimeProvider time)
    {
        _options = options;
        _time = time;
        foreach (var key in options.Keys)
        {
            var caller = new Caller(Credentials.IdOfConfigured(key.Name), key.Name, key.ScopeNames, RateLimit.Of(key.RequestsPerSecond, key.Burst), new ApiKeyUsage(), options.QuotaOf(key.QuotaBytes));
            _configured.Add(new Credential(SecretHash.Of(key.Hash), caller));
        }

        _credentials = new Credentials(_configured, [], null, options);
    }

    /// <summary>The current secrets.</summary>
    public Credentials Current => _credentials;

    /// <summary>Configured keys with their callers.</summary>
    public IEnumerable<(KeyOptions Options, Caller Caller)> Configured => _options.Keys.Zip(_configured, (key, credential) => (key, credential.Caller));

    /// <summary>The quota in force for a key; null for not limited.</summary>
    public long? QuotaOf(ApiKey key) => _options.QuotaOf(key.QuotaBytes);

    /// <summary>How often the store is polled.</summary>
    public TimeSpan PollInterval => _options.KeyPoll;

    /// <summary>Whether the store was read at least once.</summary>
    public bool IsLoaded { get; private set; }

    /// <summary>Completes with the next refresh, also a failed one: within <c>Access:KeyPoll</c>.</summary>
    public Task NextRefresh => Volatile.Read(ref _refresh).Task;

    /// <summary>The caller of a secret (null when it belongs to no key), and whether it is valid.</summary>
    public (Caller? Caller, ApiKeyStatus Status) Lookup(string secret)
    {
        var loaded = IsLoaded; // read before the look-up: a key that is loaded in between is not reported as unknown
        var credential = SecretHash.Of(secret) is { } hash ? _credentials.Find(hash) : null;
        if (credential is null)
            return (null, loaded ? ApiKeyStatus.Unknown : ApiKeyStatus.NotLoaded);
        if (credential.IsRevoked)
            return (credential.Caller, ApiKeyStatus.Revoked);
        return (credential.Caller, credential.IsValid(_time.GetUtcNow()) ? ApiKeyStatus.Valid : ApiKeyStatus.Expired);
    }

    /// <summary>The credential of a secret; null when it is not valid.</summary>
    public Credential? Find(SecretHash hash) => _credentials.Find(hash) is { } found && found.IsValid(_time.GetUtcNow()) ? found : null;

    /// <summary>Replaces the copy, and cancels long requests of revoked, changed and expired keys.</summary>
    /// <param name="keys">The keys; null keeps the current copy.</param>
    public Task ReplaceAsync(ApiKeySet? keys)
    {
        lock (_lock)
        {
            if (keys is null)
                return InvalidateAsync(_credentials);
            _keys = keys.Keys;
            _revoked.IntersectWith(_keys.Where(key => key.RevokedAt is null).Select(key => key.Id));
            IsLoaded = true;
            return InvalidateAsync(Rebuild());
        }
    }

    /// <summary>Refuses a key from now on, in this process, and cancels its long requests; whether or not its revocation can be stored.</summary>
    public Task RevokeAsync(Guid id)
    {
        lock (_lock)
        {
            if (!_keys.Any(key => key.Id == id && key.RevokedAt is null) || !_revoked.Add(id))
                return Task.CompletedTask;
            return InvalidateAsync(Rebuild());
        }
    }

    // Returns the credentials before.
    private Credentials Rebuild()
    {
        var (before, now) = (_credentials, _time.GetUtcNow());
        _credentials = new Credentials(_configured, _keys.Select(key => _revoked.Contains(key.Id) ? key with { RevokedAt = now } : key), before, _options);
        return before;
    }

    private async Task InvalidateAsync(Credentials before)
    {
        var now = _time.GetUtcNow();
        var valid = _credentials.All.Where(one => one.IsValid(now)).Select(one => one.Caller).ToHashSet();
        foreach (var invalid in before.All.Select(one => one.Caller).Where(caller => !valid.Contains(caller) && !caller.Invalidated.IsCancellationRequested))
            await invalid.InvalidateAsync();
    }

    /// <summary>Completes <see cref="NextRefresh"/>.</summary>
    public void CompleteRefresh() => Interlocked.Exchange(ref _refresh, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult();
}
