using System.Diagnostics;
using ImageAspire.Core.Access;
using ImageAspire.Core.Ports;

namespace ImageAspire.Api.Access;

/// <summary>
/// Brings refused calls into the audit log: those of a few seconds that are alike (caller, address, route, reason) as one entry with their
/// number, and at most <see cref="MaxGroups"/> entries and one for all others each time. So a flood is seen in the log and cannot fill it.
/// </summary>
internal sealed partial class DeniedCalls(IServiceProvider services, AccessOptions options, TimeProvider time, ILogger<DeniedCalls> logger) : BackgroundService
{
    /// <summary>Most entries each time, beside the one for all others.</summary>
    public const int MaxGroups = 20;

    private static readonly HashSet<string> Methods = [.. (string[])["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]];
    private readonly Lock _lock = new();
    private readonly Dictionary<Group, AccessEvent> _waiting = [];

    /// <summary>Notes a call that is answered by 401, 403, or 429 for a lock-out.</summary>
    public void Note(HttpContext context, Caller? caller, int status, string code)
    {
        var group = new Group(caller?.Id, context.Connection.RemoteIpAddress?.ToString() ?? "unknown", Call(context), status, code);
        var now = time.GetUtcNow();
        lock (_lock)
        {
            if (!_waiting.ContainsKey(group) && _waiting.Count >= MaxGroups)
                group = new Group(null, "several", "several", status, "several");
            var entry = _waiting.GetValueOrDefault(group) ?? new AccessEvent(Guid.CreateVersion7(now), AccessEventTypes.Denied, group.KeyId,
                group.KeyId is null ? AccessEvent.Anonymous : caller!.Name, now, Activity.Current?.Id,
                new AccessEventData { Status = group.Status, Code = group.Code, Address = group.Address, Call = group.Call, Count = 0 });
            _waiting[group] = entry with { Data = entry.Data with { Count = entry.Data.Count + 1, LastAt = now } };
        }
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await WriteAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.DeniedCallsWindow, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
                await WriteAsync(stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The host stops.
        }
    }

    private async Task WriteAsync(CancellationToken cancellationToken)
    {
        List<KeyValuePair<Group, AccessEvent>> written;
        lock (_lock)
            written = [.. _waiting];
        try
        {
            foreach (var (group, entry) in written)
            {
                // Taken out first: what is refused from now on is another entry, and an id that was written is never used again.
                AccessEvent latest;
                lock (_lock)
                {
                    latest = _waiting[group];
                    _waiting.Remove(group);
                }

                try
                {
                    await services.GetRequiredService<IAuditLog>().AppendAsync(latest, cancellationToken);
                }
                catch
                {
                    lock (_lock)
                        _waiting[group] = latest with { Data = latest.Data with { Count = latest.Data.Count + (_waiting.GetValueOrDefault(group)?.Data.Count ?? 0) } };
                    throw;
                }
            }
        }
        catch (Exception error) when (!cancellationToken.IsCancellationRequested)
        {
            LogLater(logger, error); // they wait for the next time; there are never more than a few
        }
    }

    // The route and not the path: that one is the caller's to make up, and may hold what is nobody's business.
    private static string Call(HttpContext context)
    {
        var method = Methods.Contains(context.Request.Method) ? context.Request.Method : "OTHER";
        return $"{method} {(context.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText?.TrimEnd('/') ?? "(no such address)"}";
    }

    private sealed record Group(Guid? KeyId, string Address, string Call, int Status, string Code);

    [LoggerMessage(LogLevel.Warning, "Refused calls could not be written into the audit log; they are kept and tried again.")]
    private static partial void LogLater(ILogger logger, Exception error);
}
