using System.Globalization;
using System.Threading.RateLimiting;
using ImageAspire.Api.Http;
using Microsoft.AspNetCore.RateLimiting;

namespace ImageAspire.Api.Access;

/// <summary>
/// Limits the rate of each key with a token bucket. The partition is the key together with its limit: a changed limit applies from the next
/// request on, and the limiters of removed keys are dropped when they are idle.
/// </summary>
internal static class KeyRateLimiter
{
    // Tokens are added ten times a second, or one at a time for rates below ten.
    private const int ReplenishmentsPerSecond = 10;

    /// <summary>Adds the limiter for the endpoints under <c>/api</c> and <c>/openapi</c>.</summary>
    public static void AddKeyRateLimiter(this IServiceCollection services) => services.AddRateLimiter(options =>
    {
        var limiter = PartitionedRateLimiter.Create<HttpContext, Partition>(PartitionOf);
        options.GlobalLimiter = limiter;
        options.RejectionStatusCode = StatusCodes.Status429TooManyRequests;
        options.OnRejected = (rejected, _) =>
        {
            var limit = LimitOf(rejected.HttpContext)!;
            WriteHeaders(rejected.HttpContext, limiter);
            var seconds = rejected.Lease.TryGetMetadata(MetadataName.RetryAfter, out var wait) ? Math.Max(1, (int)Math.Ceiling(wait.TotalSeconds)) : 1;
            return new ValueTask(Problems.Of(429, ProblemCodes.RateLimited,
                $"This key may send {limit.RequestsPerSecond} requests a second. Wait a second and go on.", seconds).ExecuteAsync(rejected.HttpContext));
        };
    });

    /// <summary>Limits requests, and writes the state of the limit into the headers of every response.</summary>
    public static void UseKeyRateLimiter(this WebApplication app)
    {
        var limiter = app.Services.GetRequiredService<Microsoft.Extensions.Options.IOptions<RateLimiterOptions>>().Value.GlobalLimiter!;
        app.UseRateLimiter();
        app.Use((context, next) =>
        {
            WriteHeaders(context, limiter);
            return next(context);
        });
    }

    private static RateLimit? LimitOf(HttpContext context) =>
        context.Request.Path.StartsWithSegments("/api", StringComparison.OrdinalIgnoreCase) || context.Request.Path.StartsWithSegments("/openapi", StringComparison.OrdinalIgnoreCase) ? Caller.Find(context)?.Limit : null;

    private static RateLimitPartition<Partition> PartitionOf(HttpContext context)
    {
        if (LimitOf(context) is not { } limit)
            return RateLimitPartition.GetNoLimiter(default(Partition));
        var tokens = Math.Max(1, limit.RequestsPerSecond / ReplenishmentsPerSecond);
        return RateLimitPartition.GetTokenBucketLimiter(new Partition(Caller.Of(context).Id, limit), _ => new TokenBucketRateLimiterOptions
        {
            TokenLimit = limit.Burst, TokensPerPeriod = tokens, ReplenishmentPeriod = TimeSpan.FromSeconds((double)tokens / limit.RequestsPerSecond),
        });
    }

    private static void WriteHeaders(HttpContext context, PartitionedRateLimiter<HttpContext> limiter)
    {
        if (LimitOf(context) is not { } limit)
            return;
        var headers = context.Response.Headers;
        headers["RateLimit-Limit"] = limit.RequestsPerSecond.ToString(CultureInfo.InvariantCulture);
        headers["RateLimit-Remaining"] = (limiter.GetStatistics(context)?.CurrentAvailablePermits ?? 0).ToString(CultureInfo.InvariantCulture);
        headers["RateLimit-Reset"] = "1";
    }

    private readonly record struct Partition(Guid KeyId, RateLimit Limit);
}
