using System.Diagnostics;
using ImageAspire.Core.Access;
using ImageAspire.Core.Ports;

namespace ImageAspire.Api.Access;

/// <summary>
/// Records refused calls in the audit log: equal ones (caller, address, route, reason) within a few seconds as one entry with a count, and at
/// most <see cref="MaxGroups"/> entries plus one for all others each time. So a flood is visible in the log and cannot fill it.
/// </summary>
internal sealed partial class DeniedCallAudit(IServiceProvider services, AccessOptions options, TimeProvider time, ILogger<DeniedCallAudit> logger) : BackgroundService
{
    /// <summary>Most entries of one write, beside the one for all others.</summary>
    public const int MaxGroups = 20;

    private static readonly HashSet<string> Methods = [.. (string[])["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]];
    private readonly Lock _lock = new();
    private readonly Dictionary<Group, AccessEvent> _waiting = [];

    /// <summary>Counts a call that is answered by 401, 403, or 429 for a lock-out.</summary>
    public void Record(HttpContext context, Caller? caller, int status, string code)
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
                // Removed first: calls refused from now on become another entry, and an id that was written is never used again.
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
            LogLater(logger, error); // they are kept for the next write; their number is bounded
        }
    }

    // The route and not the path: the caller chooses the path, and it may hold confidential data.
    private static string Call(HttpContext context)
    {
        var method = Methods.Contains(context.Request.Method) ? context.Request.Method : "OTHER";
        return $"{method} {(context.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText?.TrimEnd('/') ?? "(no such address)"}";
    }

    private sealed record Group(Guid? KeyId, string Address, string Call, int Status, string Code);

    [LoggerMessage(LogLevel.Warning, "Refused calls could not be written into the audit log; they are kept and tried again.")]
    private static partial void LogLater(ILogger logger, Exception error);
}
