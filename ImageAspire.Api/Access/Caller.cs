using System.Diagnostics.CodeAnalysis;
using System.Security.Claims;

namespace ImageAspire.Api.Access;

/// <summary>The rate limit of a key.</summary>
/// <param name="RequestsPerSecond">Sustained rate.</param>
/// <param name="Burst">How many requests may come at once.</param>
internal sealed record RateLimit(int RequestsPerSecond, int Burst)
{
    /// <summary>The limit of a key's settings; null when the rate is 0, for not limited.</summary>
    public static RateLimit? Of(int requestsPerSecond, int burst) => requestsPerSecond == 0 ? null : new RateLimit(requestsPerSecond, burst);
}

/// <summary>The identity of an authenticated caller: an API key, used directly or through the session of a browser.</summary>
/// <param name="id">Id of the key.</param>
/// <param name="name">Name of the key.</param>
/// <param name="scopes">What it may do.</param>
/// <param name="limit">Its rate limit; null for none.</param>
/// <param name="usage">When it is used.</param>
/// <param name="quotaBytes">How many bytes its images may need; null for any number.</param>
[SuppressMessage("Design", "CA1001", Justification = "The source has no timer, and requests may hold its token after the key was removed.")]
internal sealed class Caller(Guid id, string name, IReadOnlyCollection<string> scopes, RateLimit? limit, ApiKeyUsage usage, long? quotaBytes = null)
    : ClaimsIdentity(scopes.Select(scope => new Claim(Access.Scopes.ClaimType, scope)), ApiKeyAuthenticationHandler.Scheme)
{
    private readonly CancellationTokenSource _invalidated = new();

    public Guid Id => id;

    public override string Name => name;

    public IReadOnlyCollection<string> Scopes => scopes;

    public RateLimit? Limit => limit;

    public ApiKeyUsage Usage => usage;

    public long? QuotaBytes => quotaBytes;

    /// <summary>Cancelled when the key is revoked, expires or is changed: what outlives a request must end then.</summary>
    public CancellationToken Invalidated => _invalidated.Token;

    /// <summary>The caller of this request; null before it is authenticated.</summary>
    public static Caller? Find(HttpContext context) => context.User.Identity as Caller;

    /// <summary>The caller of this request. Every endpoint under <c>/api</c> has one.</summary>
    public static Caller Of(HttpContext context) => Find(context)
        ?? throw new InvalidOperationException("This endpoint was reached without a caller; it must require a scope.");

    /// <summary>Whether it has all of these scopes.</summary>
    public bool HasAll(IEnumerable<string> wanted) => wanted.All(scopes.Contains);

    /// <summary>Whether it may see what is on records that it changes.</summary>
    public bool MayRead => scopes.Contains(Access.Scopes.Read);

    /// <summary>Cancels <see cref="Invalidated"/>.</summary>
    public Task InvalidateAsync() => _invalidated.CancelAsync();
}
