using ImageAspire.Core.Alarms;
using ImageAspire.Core.Ports;
using OpenTelemetry;

namespace ImageAspire.Api.Alarms;

/// <summary>
/// Looks at the system every few seconds, and raises and ends alarms. Every Api does; the store decides between them. While it does not answer,
/// this process goes by itself, and nobody is told but those who ask it.
/// </summary>
internal sealed partial class AlarmMonitor(
    SystemReader system, IAlarmStore store, AlarmAnnouncer announcer, AlarmOptions options, TimeProvider time, ILogger<AlarmMonitor> logger) : BackgroundService
{
    /// <summary>Counting a long backlog takes time: at most a tenth of all time is spent on it. Waiting for a store that does not answer is none of it.</summary>
    private const int PausePerWork = 10;

    private readonly AlarmChanges _changes = new(options);
    private volatile State _state = new(AlarmBook.Empty, null, true);

    /// <summary>The alarms as they now are.</summary>
    public AlarmBook Book => _state.Book;

    /// <summary>What was last seen; null before the first look.</summary>
    public SystemLook? Look => _state.Look;

    /// <summary>Whether the alarms of <see cref="Book"/> are those of the store.</summary>
    public bool IsStored => _state.IsStored;

    /// <summary>Whether the cause of an open alarm lasts, as far as is known; else the alarm is over if that stays so.</summary>
    public bool IsLasting(Alarm alarm)
    {
        if (Look is not { } look)
            return true;
        var conditions = new AlarmConditions(look, options);
        return conditions.IsUnknown(alarm) || conditions.All().Any(one => alarm.IsAbout(one.Code, one.Name));
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        while (!stoppingToken.IsCancellationRequested)
        {
            var began = time.GetTimestamp();
            await RunAsync(stoppingToken);
            var pause = IsStored && Look?.Subscriptions is not null ? time.GetElapsedTime(began) * PausePerWork : TimeSpan.Zero;
            await Task.Delay(pause > options.Interval ? pause : options.Interval, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task RunAsync(CancellationToken stopping)
    {
        var before = _state;
        try
        {
            using (SuppressInstrumentationScope.Begin()) // or every look would be a trace
                _state = await NextAsync(before, stopping);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            return;
        }
        catch (Exception error)
        {
            LogFailed(logger, error);
        }

        // Outside of the scope, which would suppress the export of log records, too.
        LogChanges(before.Book, _state.Book);
    }

    private async Task<State> NextAsync(State before, CancellationToken cancellationToken)
    {
        var look = await system.ReadAsync(cancellationToken);
        var stored = await TryAsync(async token => (AlarmBook?)await store.ReadAsync(token), cancellationToken);
        var book = stored ?? before.Book;
        var next = book.With(_changes.Next(book.Alarms, new AlarmConditions(look, options), look.At), look.At);
        if (stored is null)
            return new State(next, look, false);
        // When another Api was faster, the next round goes on from what it stored.
        if (next != book && await TryAsync(token => SaveAsync(next, token), cancellationToken) is null)
            return new State(next, look, false);
        return new State(await AnnounceAsync(next, cancellationToken), look, true);
    }

    // First the alarms, then their deliveries, then the mark: after a crash in between, the next Api says the same once more.
    private async Task<AlarmBook> AnnounceAsync(AlarmBook book, CancellationToken cancellationToken)
    {
        var unannounced = book.Alarms.Where(one => !one.Announced).ToList();
        if (unannounced.Count == 0)
            return book;
        var done = await TryAsync(async token =>
        {
            await announcer.AnnounceAsync(unannounced, token);
            return await SaveAsync(book.With([.. book.Alarms.Select(one => one with { Announced = true })], time.GetUtcNow()), token);
        }, cancellationToken);
        return done ?? book;
    }

    // Null when another Api has saved.
    private async Task<AlarmBook?> SaveAsync(AlarmBook book, CancellationToken cancellationToken) => await store.SaveAsync(book, cancellationToken) ? book : null;

    private Task<T?> TryAsync<T>(Func<CancellationToken, Task<T?>> attempt, CancellationToken cancellationToken)
        where T : class => StoreAttempt.RunAsync(attempt, time, cancellationToken);

    private void LogChanges(AlarmBook before, AlarmBook after)
    {
        foreach (var one in after.Open.Where(one => !before.Open.Any(other => other.IsAbout(one.Code, one.Name))))
        {
            // The health checks have said that a dependency is away.
            if (one.Code == AlarmCodes.DependencyAway)
                LogRaisedQuietly(logger, one.Description);
            else
                LogRaised(logger, one.Description);
        }

        foreach (var one in before.Open.Where(one => !after.Open.Any(other => other.IsAbout(one.Code, one.Name))))
            LogEnded(logger, one.Description);
    }

    [LoggerMessage(LogLevel.Warning, "Alarm: {Description}")]
    private static partial void LogRaised(ILogger logger, string description);

    [LoggerMessage(LogLevel.Information, "Alarm: {Description}")]
    private static partial void LogRaisedQuietly(ILogger logger, string description);

    [LoggerMessage(LogLevel.Information, "Alarm is over: {Description}")]
    private static partial void LogEnded(ILogger logger, string description);

    [LoggerMessage(LogLevel.Error, "The alarms could not be looked at; they stay as they were until they can.")]
    private static partial void LogFailed(ILogger logger, Exception error);

    private sealed record State(AlarmBook Book, SystemLook? Look, bool IsStored);
}
