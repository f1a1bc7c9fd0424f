using System.Security.Claims;
using System.Text.Encodings.Web;
using ImageAspire.Api.Http;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;

namespace ImageAspire.Api.Access;

/// <summary>
/// Authenticates a request by its API key (<c>Authorization: Bearer</c> or <c>X-API-Key</c>) or, without one, by the session cookie of a browser.
/// The <see cref="Caller"/> becomes the user of the request.
/// </summary>
internal sealed class ApiKeyAuthenticationHandler(
    IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory loggers, UrlEncoder encoder,
    ApiKeyAuthenticator keys, SessionCookies sessions, CallRefusal refusal)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, loggers, encoder)
{
    /// <summary>Name of the authentication scheme.</summary>
    public new const string Scheme = "ApiKey";

    private ApiKeyResult _ofKey;

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        if (KeyOf(Request) is { } key)
        {
            _ofKey = await keys.AuthenticateAsync(key, ClientAddress.Of(Context), Context.RequestAborted);
            return _ofKey is { Refusal: null, Caller: { } caller } ? Success(caller) : AuthenticateResult.Fail("The API key is refused.");
        }

        return Request.Cookies[SessionCookies.Name] is { } cookie ? await AuthenticateAsync(cookie) : AuthenticateResult.NoResult();
    }

    protected override Task HandleChallengeAsync(AuthenticationProperties properties) =>
        refusal.ChallengeAsync(Context, KeyOf(Request) is null, _ofKey);

    protected override Task HandleForbiddenAsync(AuthenticationProperties properties) => refusal.ForbidAsync(Context);

    private async Task<AuthenticateResult> AuthenticateAsync(string cookie)
    {
        try
        {
            if (await sessions.ValidateAsync(cookie, Context.RequestAborted) is not { } session)
                return AuthenticateResult.NoResult();
            Context.Features.Set(session);
            return Success(session.Caller);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or System.Data.Common.DbException)
        {
            // Not thrown: the sign-in page and the health endpoints answer all the same.
            _ofKey = new(null, Problems.Of(503, ProblemCodes.StorageUnavailable, "Whether this session was signed out cannot be looked up right now. Try again.", retryAfterSeconds: 2));
            return AuthenticateResult.Fail(error);
        }
    }

    private static string? KeyOf(HttpRequest request)
    {
        if (request.Headers.TryGetValue("X-API-Key", out var header))
            return header.ToString();
        var authorization = request.Headers.Authorization.ToString();
        return authorization.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase) ? authorization["Bearer ".Length..].Trim()
            : authorization.Length > 0 ? "" : null; // another scheme is a wrong key, not a missing one
    }

    private AuthenticateResult Success(Caller caller)
    {
        caller.Usage.Record(TimeProvider.GetUtcNow());
        return AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(caller), Scheme));
    }
}
