using System.Diagnostics.CodeAnalysis;

namespace ImageAspire.Api.Access;

/// <summary>The scopes.</summary>
internal static class Scopes
{
    public const string Read = "read";
    public const string Write = "write";
    public const string Operate = "operate";
    public static readonly string[] All = [Read, Write, Operate];
}

/// <summary>Who is calling.</summary>
/// <param name="id">Id of the key.</param>
/// <param name="name">Name of the key.</param>
/// <param name="scopes">What it may do.</param>
/// <param name="limiter">Its rate limit; null for none.</param>
/// <param name="use">When and from where it is used.</param>
[SuppressMessage("Design", "CA1001", Justification = "The source has no timer, and requests may hold its token when the key is long gone.")]
internal sealed class Caller(Guid id, string name, IReadOnlyCollection<string> scopes, TokenBucket? limiter, ApiKeyUsage use)
{
    private readonly CancellationTokenSource _invalidated = new();

    public Guid Id => id;

    public string Name => name;

    public IReadOnlyCollection<string> Scopes => scopes;

    public TokenBucket? Limiter => limiter;

    public ApiKeyUsage Use => use;

    /// <summary>Ends when the key is revoked, runs out, or is changed: what goes on for longer than a call must end then.</summary>
    public CancellationToken Invalidated => _invalidated.Token;

    /// <summary>The caller of this request. Every endpoint under <c>/api</c> has one.</summary>
    public static Caller Of(HttpContext context) => context.Features.Get<Caller>()
        ?? throw new InvalidOperationException("This endpoint was reached without a caller; it must be mapped under /api.");

    /// <summary>Whether it may do all of these.</summary>
    public bool HasAll(IEnumerable<string> wanted) => wanted.All(scopes.Contains);

    /// <summary>Ends what it still does.</summary>
    public Task InvalidateAsync() => _invalidated.CancelAsync();
}

/// <summary>The scope that an endpoint needs. An endpoint under <c>/api</c> without one is closed to everybody.</summary>
/// <param name="Scope">One of <see cref="Scopes"/>.</param>
internal sealed record RequiredScope(string Scope);

/// <summary>Names the scope of an endpoint.</summary>
internal static class ScopeExtensions
{
    public static TBuilder RequireScope<TBuilder>(this TBuilder builder, string scope)
        where TBuilder : IEndpointConventionBuilder => builder.WithMetadata(new RequiredScope(scope));
}
