using Microsoft.AspNetCore.Authorization;

namespace ImageAspire.Api.Access;

/// <summary>The scopes of API keys. Each is an authorization policy of the same name.</summary>
internal static class Scopes
{
    public const string Read = "read";
    public const string Write = "write";
    public const string Operate = "operate";

    /// <summary>Type of the claim that holds a scope.</summary>
    public const string ClaimType = "scope";

    public static readonly string[] All = [Read, Write, Operate];

    /// <summary>Requires a scope for an endpoint, or for all of a group.</summary>
    public static TBuilder RequireScope<TBuilder>(this TBuilder builder, string scope)
        where TBuilder : IEndpointConventionBuilder => builder.RequireAuthorization(scope);

    /// <summary>Adds the policies. What requires no scope requires a caller, except that an endpoint under <c>/api</c> is closed then: its scope was forgotten.</summary>
    public static void AddPolicies(AuthorizationOptions options)
    {
        foreach (var scope in All)
            options.AddPolicy(scope, policy => policy.RequireClaim(ClaimType, scope).RequireAssertion(IsNotCrossSite));
        options.FallbackPolicy = new AuthorizationPolicyBuilder().RequireAuthenticatedUser().RequireAssertion(IsNotCrossSite)
            .RequireAssertion(authorization => !IsEndpointOfApi(authorization.Resource as HttpContext)).Build();
    }

    private static bool IsNotCrossSite(AuthorizationHandlerContext authorization) =>
        authorization.Resource is not HttpContext context || !RequestOrigin.IsForgedWithSession(context);

    // The framework's own endpoint for a method that is not allowed is no RouteEndpoint: it answers 405 to every caller.
    private static bool IsEndpointOfApi(HttpContext? context) =>
        context?.GetEndpoint() is RouteEndpoint && (context.Request.Path.StartsWithSegments("/api", StringComparison.OrdinalIgnoreCase) || context.Request.Path.StartsWithSegments("/openapi", StringComparison.OrdinalIgnoreCase));
}
