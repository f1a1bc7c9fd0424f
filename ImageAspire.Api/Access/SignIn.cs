using System.Net;
using ImageAspire.Api.Http;
using ImageAspire.Core.Access;

namespace ImageAspire.Api.Access;

/// <summary>Signs a browser in: with an API key, or with a sign-in link that the AppHost made from one. A link signs in once.</summary>
internal sealed class SignIn(TokenSigner signer, SpentTokens spent, ApiKeyAuthenticator keys, SessionCookies sessions, TimeProvider time)
{
    /// <summary>The cookie of a new session, or why there is none.</summary>
    /// <param name="secret">The API key, or the token of a link.</param>
    /// <param name="address">Where it comes from; wrong secrets are counted by it.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    public async Task<(string? Cookie, ProblemResult? Refusal)> TryAsync(string secret, IPAddress address, CancellationToken cancellationToken)
    {
        if (signer.Verify(secret, SignedToken.SignIn) is var (link, owner))
        {
            // Our own signature: an old link is no guess, and is not counted.
            return link.Until > time.GetUtcNow() && await spent.TrySpendAsync(link.Id, link.Until, cancellationToken) ? (sessions.Issue(owner), null) : (null, Problems.Of(
                401, ProblemCodes.UsedSignInLink, "This link was used before or has expired. Sign in with an API key, or make a new link: \"Sign in to the gallery\" on the dashboard."));
        }

        var result = await keys.AuthenticateAsync(secret, address, cancellationToken);
        return result.Refusal is null && signer.OwnerOf(secret) is { } key ? (sessions.Issue(key), null)
            : (null, result.Refusal ?? Problems.Of(401, ProblemCodes.WrongKey, "This API key is unknown."));
    }
}
