using ImageAspire.Api.Http;
using Microsoft.AspNetCore.Authorization;

namespace ImageAspire.Api.Access;

/// <summary>Answers calls that are not authenticated or lack a scope, limits them by address and audits them.</summary>
internal sealed class CallRefusal(AnonymousCallLimiter anonymousCalls, DeniedCallAudit audit)
{
    /// <summary>Answers a call without a valid key or session: 401 or the reason of the refusal, 429 when there are too many, or a redirect to the sign-in page.</summary>
    /// <param name="context">The call.</param>
    /// <param name="isWithoutKey">Whether it has no key at all.</param>
    /// <param name="ofKey">The result of its key; default without one.</param>
    public Task ChallengeAsync(HttpContext context, bool isWithoutKey, ApiKeyResult ofKey)
    {
        // Not limited: pages of other sites can use up the limit, and the user must still get to the sign-in page.
        if (isWithoutKey && IsPageRequest(context.Request))
            return TypedResults.Redirect(SignInPages.AddressOf(context.Request)).ExecuteAsync(context);
        if (!anonymousCalls.TryAcquire(ClientAddress.Of(context), out var seconds))
            return Problems.Of(429, ProblemCodes.RateLimited, "Too many calls without a valid API key came from this address. Wait, and send one.", seconds).ExecuteAsync(context);
        var problem = ofKey.Refusal ?? Problems.Of(401, ProblemCodes.MissingKey, "Send an API key, as 'Authorization: Bearer KEY' or 'X-API-Key: KEY'.");
        if (problem.StatusCode == 401)
            context.Response.Headers.WWWAuthenticate = "Bearer realm=\"ImageAspire\"";
        if (problem.StatusCode != 503)
            audit.Record(context, ofKey.Caller, problem.Problem.Status, problem.Problem.Code);
        return problem.ExecuteAsync(context);
    }

    /// <summary>Answers 403 to a call whose caller lacks the scope, or that another site sent with a session.</summary>
    public Task ForbidAsync(HttpContext context)
    {
        var caller = Caller.Of(context);
        var scope = context.GetEndpoint()?.Metadata.GetMetadata<IAuthorizeData>()?.Policy ?? "none";
        var problem = RequestOrigin.IsForgedWithSession(context)
            ? Problems.Of(403, ProblemCodes.CrossSite, "A page of another site may not use this session. Use an API key instead.")
            : Problems.Of(403, ProblemCodes.MissingScope, $"The key '{caller.Name}' lacks the scope '{scope}' that this call needs.");
        audit.Record(context, caller, problem.Problem.Status, problem.Problem.Code);
        return problem.ExecuteAsync(context);
    }

    // Programs get 401; people who open a page in a browser get the sign-in page.
    private static bool IsPageRequest(HttpRequest request) => !request.Path.StartsWithSegments("/api", StringComparison.OrdinalIgnoreCase)
        && HttpMethods.IsGet(request.Method) && request.Headers.Accept.ToString().Contains("text/html", StringComparison.Ordinal);
}
