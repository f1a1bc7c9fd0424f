using ImageAspire.Core.Diagnostics;
using ImageAspire.Core.Heartbeats;
using ImageAspire.ServiceDefaults.Health;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace ImageAspire.ServiceDefaults.Heartbeats;

/// <summary>Composes the heartbeats of this process: who it is, and its dependencies by their health checks, with the time since when each is as it is.</summary>
public sealed class ProcessHeartbeat
{
    // Container Apps names each replica; Aspire and OpenTelemetry name the service.
    private static readonly string[] NameKeys = ["CONTAINER_APP_REPLICA_NAME", "OTEL_SERVICE_NAME"];
    private readonly HealthReader _health;
    private readonly TimeProvider _time;
    private readonly IHeartbeatPart[] _parts;
    private Heartbeat _last;

    internal ProcessHeartbeat(string service, HealthReader health, IConfiguration configuration, TimeProvider time, IEnumerable<IHeartbeatPart>? parts = null)
    {
        (_health, _time, _parts) = (health, time, [.. parts ?? []]);
        var now = time.GetUtcNow();
        _last = new Heartbeat
        {
            Id = Guid.CreateVersion7(now), Service = service, Name = NameKeys.Select(key => configuration[key]).FirstOrDefault(name => !string.IsNullOrEmpty(name)) ?? Environment.MachineName,
            Host = Environment.MachineName, ProcessId = Environment.ProcessId, Version = ProductVersion.Current, StartedAt = now, At = now,
        };
    }

    /// <summary>The last heartbeat, whether or not it could be stored.</summary>
    public Heartbeat Last => Volatile.Read(ref _last);

    /// <summary>The next heartbeat: asks every dependency.</summary>
    internal async Task<Heartbeat> NextAsync(CancellationToken cancellationToken)
    {
        var report = await _health.ReadAsync(cancellationToken);
        var now = _time.GetUtcNow();
        var next = Last with
        {
            At = now,
            Dependencies = [.. report.Entries.Where(one => one.Value.Tags.Contains(DependencyNames.Tag)).Select(one => StateOf(one.Key, one.Value, now))],
        };
        return Set(_parts.Aggregate(next, (heartbeat, part) => part.AddTo(heartbeat)));
    }

    /// <summary>The last heartbeat of all.</summary>
    internal Heartbeat Stopped()
    {
        var now = _time.GetUtcNow();
        return Set(Last with { At = now, StoppedAt = now });
    }

    private DependencyState StateOf(string name, HealthReportEntry entry, DateTimeOffset now)
    {
        var available = entry.Status == HealthStatus.Healthy;
        var before = Last.Dependencies.FirstOrDefault(one => one.Name == name);
        return new DependencyState(name, available, before?.Available == available ? before.Since : now, available ? null : entry.Description);
    }

    private Heartbeat Set(Heartbeat heartbeat)
    {
        Volatile.Write(ref _last, heartbeat);
        return heartbeat;
    }
}
