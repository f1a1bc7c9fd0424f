using ImageAspire.Core.Access;
using ImageAspire.Core.Ports;

namespace ImageAspire.Api.Access;

/// <summary>Why a secret opens nothing.</summary>
internal enum KeyRefusal
{
    /// <summary>It does open something.</summary>
    None,

    /// <summary>Nobody's.</summary>
    Unknown,

    /// <summary>Its key was taken back.</summary>
    Revoked,

    /// <summary>Its time is over, or it was rotated.</summary>
    Expired,

    /// <summary>The store of the keys could never be read yet, so that nobody knows.</summary>
    NotLoaded,
}

/// <summary>
/// Recognises keys, in memory: those of the configuration, and the last copy of those in the store (see <see cref="KeyRefresh"/>). The copy stays
/// in use while the store is away. Bounded by <see cref="ApiKey.Most"/>.
/// </summary>
internal sealed class KeyRing
{
    private readonly AccessOptions _options;
    private readonly TimeProvider _time;
    private readonly List<Credential> _configured = [];
    private TaskCompletionSource _look = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile Credentials _credentials;

    public KeyRing(AccessOptions options, TimeProvider time)
    {
        _options = options;
        _time = time;
        foreach (var key in options.Keys)
        {
            var limiter = key.RequestsPerSecond == 0 ? null : new TokenBucket(key.RequestsPerSecond, key.Burst, time);
            _configured.Add(new Credential(KeyHash.Of(key.Hash), new Caller(Credentials.IdOfConfigured(key.Name), key.Name, key.ScopeNames, limiter, new KeyUse())));
        }

        _credentials = new Credentials(_configured, [], null, time);
    }

    /// <summary>All secrets as they are now.</summary>
    public Credentials Current => _credentials;

    /// <summary>The keys of the configuration, with their callers.</summary>
    public IEnumerable<(KeyOptions Options, Caller Caller)> Configured => _options.Keys.Zip(_configured, (key, credential) => (key, credential.Caller));

    /// <summary>How often the store is to be looked at.</summary>
    public TimeSpan Poll => _options.KeyPoll;

    /// <summary>Whether the store was ever read.</summary>
    public bool IsLoaded { get; private set; }

    /// <summary>Ends when the store is looked at next, or could not be: <c>Access:KeyPoll</c> at most.</summary>
    public Task NextLook => Volatile.Read(ref _look).Task;

    /// <summary>Whose secret it is, null for nobody's, and why it opens nothing.</summary>
    public (Caller? Caller, KeyRefusal Refusal) OfKey(string secret)
    {
        var loaded = IsLoaded; // before the look, so that a key that is loaded in between is not called unknown
        var credential = KeyHash.Of(secret) is { } hash ? _credentials.Find(hash) : null;
        if (credential is null)
            return (null, loaded ? KeyRefusal.Unknown : KeyRefusal.NotLoaded);
        if (credential.IsRevoked)
            return (credential.Caller, KeyRefusal.Revoked);
        return (credential.Caller, credential.IsGood(_time.GetUtcNow()) ? KeyRefusal.None : KeyRefusal.Expired);
    }

    /// <summary>The secret's entry; null when it opens nothing.</summary>
    public Credential? Find(KeyHash hash) => _credentials.Find(hash) is { } found && found.IsGood(_time.GetUtcNow()) ? found : null;

    /// <summary>Puts the keys of the store into use, and ends what revoked, changed and expired ones still do.</summary>
    /// <param name="keys">The keys; null: those that are in use already.</param>
    public async Task UseAsync(ApiKeySet? keys)
    {
        var before = _credentials;
        if (keys is not null)
        {
            _credentials = new Credentials(_configured, keys.Keys, before, _time);
            IsLoaded = true;
        }

        var now = _time.GetUtcNow();
        var good = _credentials.All.Where(one => one.IsGood(now)).Select(one => one.Caller).ToHashSet();
        foreach (var gone in before.All.Select(one => one.Caller).Where(caller => !good.Contains(caller) && !caller.Ended.IsCancellationRequested))
            await gone.EndAsync();
    }

    /// <summary>Says that the store was looked at, or could not be, to whoever waits for it.</summary>
    public void Looked() => Interlocked.Exchange(ref _look, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult();
}
