using ImageAspire.Core.Heartbeats;

namespace ImageAspire.Tests.Heartbeats;

/// <summary>Heartbeats.</summary>
internal static class Beats
{
    /// <summary>One of a process that started an hour before noon.</summary>
    public static Heartbeat Of(string service = ServiceNames.Worker, string name = "worker-1", DateTimeOffset? at = null, params DependencyState[] dependencies) => new()
    {
        Id = Guid.CreateVersion7(), Service = service, Name = name, Host = "machine", ProcessId = 42, Version = "1.2.3", StartedAt = Samples.Noon.AddHours(-1), At = at ?? Samples.Noon,
        Dependencies = dependencies,
    };

    public static DependencyState Away(string name, DateTimeOffset since, string reason = "It is not there.") => new(name, false, since, reason);

    public static DependencyState There(string name, DateTimeOffset since) => new(name, true, since);
}
