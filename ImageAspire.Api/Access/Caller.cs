using System.Threading.RateLimiting;

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
/// <param name="Name">Name of the key.</param>
/// <param name="Scopes">What it may do.</param>
/// <param name="Limiter">Its rate limit; null for none.</param>
/// <param name="Rate">Requests per second, for the headers.</param>
internal sealed record Caller(string Name, IReadOnlyCollection<string> Scopes, TokenBucketRateLimiter? Limiter, int Rate)
{
    /// <summary>The caller of this request. Every endpoint under <c>/api</c> has one.</summary>
    public static Caller Of(HttpContext context) => context.Features.Get<Caller>()
        ?? throw new InvalidOperationException("This endpoint was reached without a caller; it must be mapped under /api.");
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
