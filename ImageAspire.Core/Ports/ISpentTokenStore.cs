namespace ImageAspire.Core.Ports;

/// <summary>
/// Tokens that are used up before they expire: sessions by signing out, sign-in links by signing in. All Api instances share it. A token is
/// kept until it expires, because it is refused anyway then.
/// </summary>
public interface ISpentTokenStore
{
    /// <summary>Spends a token; when it returns, that is durable. Of several callers at the same moment, one gets true.</summary>
    /// <param name="id">The token.</param>
    /// <param name="until">When it expires, UTC: it may be forgotten then.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>False when it was spent before.</returns>
    Task<bool> SpendAsync(Guid id, DateTimeOffset until, CancellationToken cancellationToken);

    /// <summary>Those of the tokens that are spent.</summary>
    Task<IReadOnlySet<Guid>> FindSpentAsync(IReadOnlyCollection<Guid> ids, CancellationToken cancellationToken);
}
