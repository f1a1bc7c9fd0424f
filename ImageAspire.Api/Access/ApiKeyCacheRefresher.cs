using ImageAspire.Core.Errors;
using ImageAspire.Core.Ports;

namespace ImageAspire.Api.Access;

/// <summary>
/// Refreshes <see cref="ApiKeyCache"/>: polls the revision of the store twice a second (<c>Access:KeyPoll</c>), so that a revocation applies
/// everywhere within a second. While the store is unavailable the last copy stays in use. Once a minute it stores the last use of the keys, and
/// it records audit events that a crash left unrecorded.
/// </summary>
internal sealed partial class ApiKeyCacheRefresher(IServiceProvider services, ApiKeyCache cache, ApiKeyAudit audit, TimeProvider time, ILogger<ApiKeyCacheRefresher> logger) : BackgroundService
{
    private static readonly TimeSpan FullReadInterval = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan StoreUsesInterval = TimeSpan.FromMinutes(1);

    private readonly SemaphoreSlim _refreshing = new(1);
    private readonly Dictionary<Guid, DateTimeOffset> _storedUses = [];
    private long? _revision;
    private DateTimeOffset _readAt;
    private DateTimeOffset _usesStoredAt = time.GetUtcNow();
    private bool _isFailing;

    /// <summary>When the store was last read, UTC; null for never.</summary>
    public DateTimeOffset? RefreshedAt { get; private set; }

    /// <summary>Reads the store now, after a change of a key.</summary>
    public async Task RefreshAsync(CancellationToken cancellationToken)
    {
        await _refreshing.WaitAsync(cancellationToken);
        try
        {
            var now = time.GetUtcNow();
            // Every ten seconds unconditionally: a writer may have crashed before it incremented the revision.
            var unless = now - _readAt < FullReadInterval ? _revision : null;
            var store = services.GetRequiredService<IApiKeyStore>(); // resolved here and not in the constructor: opening it may fail for a while
            var keys = await store.ReadAsync(unless, cancellationToken);
            if (keys is not null)
                (_revision, _readAt) = (keys.Revision, now);
            await cache.ReplaceAsync(keys);
            RefreshedAt = now;
            cache.CompleteRefresh();
            await audit.RecordPendingAsync(keys?.Keys ?? [], cancellationToken);
        }
        finally
        {
            _refreshing.Release();
        }
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await TryAsync(() => StoreUsesAsync(cancellationToken), cancellationToken);
    }

    public override void Dispose()
    {
        _refreshing.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(cache.PollInterval, time);
        try
        {
            do
            {
                await TryAsync(async () =>
                {
                    await RefreshAsync(stoppingToken);
                    if (time.GetUtcNow() - _usesStoredAt >= StoreUsesInterval)
                        await StoreUsesAsync(stoppingToken);
                }, stoppingToken);
            }
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The host stops.
        }
    }

    private async Task TryAsync(Func<Task> work, CancellationToken cancellationToken)
    {
        try
        {
            await work();
            if (_isFailing)
                LogRecovered(logger);
            _isFailing = false;
        }
        catch (Exception error) when (!cancellationToken.IsCancellationRequested)
        {
            // Whatever failed, the copy stays in use and the next refresh follows; logged once, not each time.
            if (!_isFailing)
                LogUnavailable(logger, error is StoreUnavailableException ? LogLevel.Information : LogLevel.Warning, error);
            _isFailing = true;
            cache.CompleteRefresh();
            await cache.ReplaceAsync(null); // keys expire all the same
        }
    }

    private async Task StoreUsesAsync(CancellationToken cancellationToken)
    {
        var uses = cache.Current.All.Select(one => one.Caller).DistinctBy(caller => caller.Id)
            .Where(caller => caller.Usage.LastAt is { } at && at > _storedUses.GetValueOrDefault(caller.Id))
            .Select(caller => new ApiKeyUse(caller.Id, caller.Usage.LastAt!.Value)).ToList();
        _usesStoredAt = time.GetUtcNow();
        if (uses.Count == 0)
            return;
        await services.GetRequiredService<IApiKeyStore>().TouchAsync(uses, cancellationToken);
        _storedUses.Clear();
        foreach (var caller in cache.Current.All.Select(one => one.Caller))
            _storedUses[caller.Id] = caller.Usage.LastAt ?? default;
    }

    // No warning while the store is away: the health checks of documents and keys have one each.
    [LoggerMessage("The store of the API keys cannot be read. Cached keys stay in use; changes apply when the store is available again.")]
    private static partial void LogUnavailable(ILogger logger, LogLevel level, Exception error);

    [LoggerMessage(LogLevel.Information, "The store of the API keys can be read again.")]
    private static partial void LogRecovered(ILogger logger);
}
