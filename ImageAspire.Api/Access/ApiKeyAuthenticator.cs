using System.Net;
using ImageAspire.Api.Http;
using ImageAspire.Core.Access;

namespace ImageAspire.Api.Access;

/// <summary>The result of authenticating an API key.</summary>
/// <param name="Caller">The owner of the key, also of a revoked or expired one; null when it is unknown.</param>
/// <param name="Refusal">Why it is refused; null when it is valid.</param>
internal readonly record struct ApiKeyResult(Caller? Caller, ProblemResult? Refusal = null);

/// <summary>Authenticates API keys, and counts wrong ones by address. A valid key is accepted at once, at the price of one hash.</summary>
internal sealed class ApiKeyAuthenticator(ApiKeyCache keys, AnonymousCallLimiter anonymousCalls)
{
    // Longer than the usual interval of refreshes, and as long as an unknown key may delay a response.
    private static readonly TimeSpan RefreshWait = TimeSpan.FromSeconds(1);

    public async ValueTask<ApiKeyResult> AuthenticateAsync(string key, IPAddress address, CancellationToken cancellationToken)
    {
        var (caller, status) = keys.Lookup(key);
        if (status == ApiKeyStatus.Valid)
            return new(caller); // whatever others try from this address: secrets are too long to be guessed, and a lock-out would hit the owner
        if (anonymousCalls.IsLockedOut(address, out var seconds))
            return new(null, LockedOut(seconds)); // without waiting below: a locked-out address must not hold requests open
        if (status == ApiKeyStatus.NotLoaded || status == ApiKeyStatus.Unknown && key.StartsWith(ApiKeySecret.Prefix, StringComparison.Ordinal))
        {
            // It may have been created on another instance a moment ago, or this process has just started. Waits for the next refresh
            // and does not read the store itself: unknown keys must not cause reads.
            await Task.WhenAny(keys.NextRefresh, Task.Delay(RefreshWait, cancellationToken));
            (caller, status) = keys.Lookup(key);
        }

        // What cannot be a key is no guess: a page of another site can make a browser send credentials of another scheme.
        if (status == ApiKeyStatus.Unknown && SecretHash.Of(key) is not null)
            anonymousCalls.RecordWrongKey(address);
        return new(caller, RefusalOf(status));
    }

    private static ProblemResult LockedOut(int seconds) => Problems.Of(429, ProblemCodes.LockedOut,
        $"Too many wrong keys came from this address. Wait {seconds} seconds.", seconds);

    private static ProblemResult? RefusalOf(ApiKeyStatus status) => status switch
    {
        ApiKeyStatus.Valid => null,
        ApiKeyStatus.Revoked => Problems.Of(401, ProblemCodes.RevokedKey, "This API key was revoked. Ask for another one."),
        ApiKeyStatus.Expired => Problems.Of(401, ProblemCodes.ExpiredKey, "This API key has expired or was rotated. Ask for another one, or for its new secret."),
        ApiKeyStatus.NotLoaded => Problems.Of(503, ProblemCodes.StorageUnavailable, "API keys cannot be looked up right now. Try again.", retryAfterSeconds: 2),
        _ => Problems.Of(401, ProblemCodes.WrongKey, "This API key is unknown."),
    };
}
