using ImageAspire.Core.Access;

namespace ImageAspire.Api.Access;

/// <summary>A browser session.</summary>
/// <param name="Caller">The API key that signed in.</param>
/// <param name="Id">Id of the session; each sign-in has its own.</param>
/// <param name="Until">When it expires, UTC.</param>
internal sealed record Session(Caller Caller, Guid Id, DateTimeOffset Until);

/// <summary>Issues and validates the cookies of sessions.</summary>
internal sealed class SessionCookies(TokenSigner signer, SpentTokens spent, SessionLifetimes lifetimes, TimeProvider time)
{
    /// <summary>Name of the cookie.</summary>
    public const string Name = "imageaspire-session";

    /// <summary>Lifetime of a session.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromHours(12);

    /// <summary>The cookie of a new session of an API key.</summary>
    public string Issue(Credential owner) => signer.Sign(SignedToken.Create(owner.Caller.Name, time.GetUtcNow() + Lifetime), SignedToken.Session, owner);

    /// <summary>The session of a cookie; null when it is forged, expired or signed out, or its key is no longer valid.</summary>
    /// <exception cref="IOException">Whether it is signed out cannot be found out now.</exception>
    public async ValueTask<Session?> ValidateAsync(string cookie, CancellationToken cancellationToken) =>
        Verify(cookie) is { } session && !await spent.IsSpentAsync(session.Id, cancellationToken) ? session : null;

    /// <summary>Signs the session of a cookie out, on every instance and for good; nothing happens when it has ended already.</summary>
    public async Task EndAsync(string cookie, CancellationToken cancellationToken)
    {
        if (Verify(cookie) is not { } session)
            return;
        await spent.TrySpendAsync(session.Id, session.Until, cancellationToken);
        await lifetimes.EndAsync([session.Id]);
    }

    private Session? Verify(string cookie) => signer.Verify(cookie, SignedToken.Session) is var (token, owner) && token.Until > time.GetUtcNow()
        ? new Session(owner.Caller, token.Id, token.Until) : null;
}
