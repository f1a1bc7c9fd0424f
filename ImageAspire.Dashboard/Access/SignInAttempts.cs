using System.Threading.RateLimiting;
using ImageAspire.Dashboard.Api;

namespace ImageAspire.Dashboard.Access;

/// <summary>How an attempt to sign in went.</summary>
internal enum SignInResult
{
    /// <summary>The token is right.</summary>
    Ok,

    /// <summary>It is not.</summary>
    Wrong,

    /// <summary>There were too many attempts; this one was not looked at.</summary>
    TooMany,
}

/// <summary>
/// Compares tokens. Twenty attempts at once, then one a second: everybody comes from this machine, so there is one limit for all, and it
/// gives way quickly, so that nobody can lock the owner out.
/// </summary>
/// <param name="options">The hashes of what opens the pages: the sign-in token, and the API key that AppHost was started with.</param>
internal sealed class SignInAttempts(DashboardOptions options) : IDisposable
{
    private readonly KeyHash[] _accepted = [new(options.SignInTokenSha256), new(options.ApiKeySha256)];

    private readonly TokenBucketRateLimiter _limit = new(new TokenBucketRateLimiterOptions
    {
        TokenLimit = 20, TokensPerPeriod = 1, ReplenishmentPeriod = TimeSpan.FromSeconds(1), QueueLimit = 0,
    });

    public SignInResult Try(string token)
    {
        using var lease = _limit.AttemptAcquire();
        if (!lease.IsAcquired)
            return SignInResult.TooMany;
        var right = false;
        foreach (var accepted in _accepted)
            right |= accepted.IsOf(token);
        return right ? SignInResult.Ok : SignInResult.Wrong;
    }

    public void Dispose() => _limit.Dispose();
}
