using ImageAspire.Core.Ports;

namespace ImageAspire.Api.Access;

/// <summary>
/// Keeps this instance's copy of the keys: asks the store twice a second (<c>Access:KeyPoll</c>) for its revision, so that a
/// revocation is in force everywhere within a second. While the store is away the last copy stays in use. Also writes down, once a minute, when keys were used last, and
/// brings into the audit log what a crash kept from it.
/// </summary>
internal sealed partial class KeyRefresh(IServiceProvider services, KeyRing ring, AccessAudit audit, TimeProvider time, ILogger<KeyRefresh> logger) : BackgroundService
{
    private static readonly TimeSpan ReadEverything = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan WriteUses = TimeSpan.FromMinutes(1);

    private readonly SemaphoreSlim _oneAtATime = new(1);
    private readonly Dictionary<Guid, DateTimeOffset> _written = [];
    private long? _revision;
    private DateTimeOffset _readAt;
    private DateTimeOffset _usesWrittenAt = time.GetUtcNow();
    private bool _missed;

    /// <summary>When the store was last looked at, UTC; null for never.</summary>
    public DateTimeOffset? LookedAt { get; private set; }

    /// <summary>Looks at the store at once, for whoever has just changed a key.</summary>
    public async Task NowAsync(CancellationToken cancellationToken)
    {
        await _oneAtATime.WaitAsync(cancellationToken);
        try
        {
            var now = time.GetUtcNow();
            // Now and then without asking for the revision: should a writer have died before it could count it up.
            var unless = now - _readAt < ReadEverything ? _revision : null;
            var store = services.GetRequiredService<IApiKeyStore>(); // here, not at the start: opening it may fail, and mend itself
            var keys = await store.ReadAsync(unless, cancellationToken);
            if (keys is not null)
                (_revision, _readAt) = (keys.Revision, now);
            await ring.UseAsync(keys);
            LookedAt = now;
            ring.Looked();
            await audit.CatchUpAsync(keys?.Keys ?? [], cancellationToken);
        }
        finally
        {
            _oneAtATime.Release();
        }
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await TryAsync(() => WriteUsesAsync(cancellationToken), cancellationToken);
    }

    public override void Dispose()
    {
        _oneAtATime.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(ring.Poll, time);
        try
        {
            do
            {
                await TryAsync(async () =>
                {
                    await NowAsync(stoppingToken);
                    if (time.GetUtcNow() - _usesWrittenAt >= WriteUses)
                        await WriteUsesAsync(stoppingToken);
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
            if (_missed)
                LogBack(logger);
            _missed = false;
        }
        catch (Exception error) when (!cancellationToken.IsCancellationRequested)
        {
            // Whatever it is, the copy stays in use and the next look follows; said once, not each time.
            if (!_missed)
                LogMissed(logger, error);
            _missed = true;
            ring.Looked();
            await ring.UseAsync(null); // keys run out all the same
        }
    }

    private async Task WriteUsesAsync(CancellationToken cancellationToken)
    {
        var uses = ring.Current.All.Select(one => one.Caller).DistinctBy(caller => caller.Id)
            .Where(caller => caller.Use.LastAt is { } at && at > _written.GetValueOrDefault(caller.Id))
            .Select(caller => new ApiKeyUse(caller.Id, caller.Use.LastAt!.Value)).ToList();
        _usesWrittenAt = time.GetUtcNow();
        if (uses.Count == 0)
            return;
        await services.GetRequiredService<IApiKeyStore>().TouchAsync(uses, cancellationToken);
        _written.Clear();
        foreach (var caller in ring.Current.All.Select(one => one.Caller))
            _written[caller.Id] = caller.Use.LastAt ?? default;
    }

    [LoggerMessage(LogLevel.Warning, "The store of the API keys cannot be read. Those known already stay in use; changes are not seen until it is back.")]
    private static partial void LogMissed(ILogger logger, Exception error);

    [LoggerMessage(LogLevel.Information, "The store of the API keys can be read again.")]
    private static partial void LogBack(ILogger logger);
}
