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
    private TaskCompletionSource _refresh = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile Credentials _credentials;

    public ApiKeyCache(AccessOptions options, TimeProvider time)
    {
        _options = options;
        _time = time;
        foreach (var key in options.Keys)
        {
            var caller = new Caller(Credentials.IdOfConfigured(key.Name), key.Name, key.ScopeNames, RateLimit.Of(key.RequestsPerSecond, key.Burst), new ApiKeyUsage());
            _configured.Add(new Credential(SecretHash.Of(key.Hash), caller));
        }

        _credentials = new Credentials(_configured, [], null);
    }

    /// <summary>The current secrets.</summary>
    public Credentials Current => _credentials;

    /// <summary>Configured keys with their callers.</summary>
    public IEnumerable<(KeyOptions Options, Caller Caller)> Configured => _options.Keys.Zip(_configured, (key, credential) => (key, credential.Caller));

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
    public async Task ReplaceAsync(ApiKeySet? keys)
    {
        var before = _credentials;
        if (keys is not null)
        {
            _credentials = new Credentials(_configured, keys.Keys, before);
            IsLoaded = true;
        }

        var now = _time.GetUtcNow();
        var valid = _credentials.All.Where(one => one.IsValid(now)).Select(one => one.Caller).ToHashSet();
        foreach (var invalid in before.All.Select(one => one.Caller).Where(caller => !valid.Contains(caller) && !caller.Invalidated.IsCancellationRequested))
            await invalid.InvalidateAsync();
    }

    /// <summary>Completes <see cref="NextRefresh"/>.</summary>
    public void CompleteRefresh() => Interlocked.Exchange(ref _refresh, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult();
}
