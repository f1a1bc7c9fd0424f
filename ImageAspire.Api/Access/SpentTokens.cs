using System.Collections.Concurrent;
using ImageAspire.Core.Ports;

namespace ImageAspire.Api.Access;

/// <summary>
/// Which tokens are spent. The store knows; an instance asks it about a session at most every <c>Access:KeyPoll</c>, so a session that was
/// signed out on another instance is accepted for so long. While the store is unavailable, the last answer about a session counts.
/// </summary>
internal sealed class SpentTokens(IServiceProvider services, AccessOptions options, TimeProvider time)
{
    private const int MaxKnown = 10_000;

    // A token is remembered for longer than it is valid, because the clocks of instances differ.
    private static readonly TimeSpan ClockDifference = TimeSpan.FromHours(1);

    private readonly ConcurrentDictionary<Guid, Known> _known = new();

    // Resolved at each use and not in the constructor: opening the store may fail for a while.
    private ISpentTokenStore Store => services.GetRequiredService<ISpentTokenStore>();

    /// <summary>Whether a token is spent.</summary>
    /// <exception cref="IOException">The store is unavailable, and was never asked about this token.</exception>
    public async ValueTask<bool> IsSpentAsync(Guid id, CancellationToken cancellationToken)
    {
        if (_known.TryGetValue(id, out var known))
        {
            var isFresh = known.IsSpent || time.GetElapsedTime(known.AskedAt) < options.KeyPoll;
            if (isFresh || !_known.TryUpdate(id, known with { AskedAt = time.GetTimestamp() }, known))
                return known.IsSpent; // or another request asks right now
        }

        try
        {
            var isSpent = (await Store.FindSpentAsync([id], cancellationToken)).Contains(id);
            if (isSpent || known is null)
                Remember(id, isSpent);
            return isSpent;
        }
        catch (Exception) when (known is not null && !cancellationToken.IsCancellationRequested)
        {
            return known.IsSpent; // whatever failed; the health check and the refresh of the keys report the store
        }
    }

    /// <summary>Those of the tokens that are spent, from the store.</summary>
    public async Task<IReadOnlySet<Guid>> FindSpentAsync(IReadOnlyCollection<Guid> ids, CancellationToken cancellationToken)
    {
        var spent = await Store.FindSpentAsync(ids, cancellationToken);
        foreach (var id in spent)
            Remember(id, isSpent: true);
        return spent;
    }

    /// <summary>Spends a token; false when it was spent before.</summary>
    public async Task<bool> TrySpendAsync(Guid id, DateTimeOffset until, CancellationToken cancellationToken)
    {
        var isFirst = await Store.SpendAsync(id, until + ClockDifference, cancellationToken);
        Remember(id, isSpent: true);
        return isFirst;
    }

    private void Remember(Guid id, bool isSpent)
    {
        if (_known.Count >= MaxKnown)
            _known.Clear(); // the store is asked again
        _known[id] = new Known(isSpent, time.GetTimestamp());
    }

    private sealed record Known(bool IsSpent, long AskedAt);
}
