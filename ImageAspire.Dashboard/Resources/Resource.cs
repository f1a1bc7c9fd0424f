namespace ImageAspire.Dashboard.Resources;

/// <summary>Whether a resource runs. The words are those of Aspire's dashboard.</summary>
public enum ResourceState
{
    /// <summary>Its process is about to be started, or is started and not ready yet.</summary>
    Starting,

    /// <summary>It runs.</summary>
    Running,

    /// <summary>It was asked to stop, and drains.</summary>
    Stopping,

    /// <summary>It was stopped by somebody and stays so.</summary>
    Exited,

    /// <summary>It ended by itself and is started again after a while.</summary>
    Restarting,

    /// <summary>It cannot be started.</summary>
    FailedToStart,
}

/// <summary>Whether a resource is well.</summary>
public enum ResourceHealth
{
    /// <summary>Nobody has asked yet, or it has no health address.</summary>
    Unknown,

    /// <summary>Well.</summary>
    Healthy,

    /// <summary>It works, but something that it uses does not.</summary>
    Degraded,

    /// <summary>It does not work, or does not answer.</summary>
    Unhealthy,
}

/// <summary>One check of a resource's health.</summary>
/// <param name="Name">What was tried: <c>catalog</c>, <c>blobs</c>.</param>
/// <param name="Health">How it went.</param>
/// <param name="Reason">What is wrong; empty for nothing.</param>
public sealed record HealthReport(string Name, ResourceHealth Health, string Reason);

/// <summary>An environment variable that a resource was started with.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Value">Its value; shown masked when <paramref name="IsSecret"/>.</param>
/// <param name="IsSecret">Whether it is a secret, or the hash of one.</param>
public sealed record EnvironmentVariable(string Name, string Value, bool IsSecret);

/// <summary>A process that AppHost looks after, at one moment.</summary>
/// <param name="Name">Its name: <c>api</c>, <c>worker-1</c>, <c>vision</c>. Its telemetry has the same display name.</param>
/// <param name="Kind">What it is, in a word or two: <c>Project</c>, <c>Node</c>.</param>
public sealed record Resource(string Name, string Kind)
{
    /// <summary>Whether it runs.</summary>
    public ResourceState State { get; init; }

    /// <summary>More about the state: the exit code, when it is started again; empty for nothing.</summary>
    public string StateReason { get; init; } = "";

    /// <summary>Whether it is well: the worst of <see cref="HealthReports"/>.</summary>
    public ResourceHealth Health { get; init; }

    /// <summary>Each check.</summary>
    public IReadOnlyList<HealthReport> HealthReports { get; init; } = [];

    /// <summary>Its process; null when there is none.</summary>
    public int? ProcessId { get; init; }

    /// <summary>When its process was started; null before.</summary>
    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>How often it was started again, by itself or by somebody.</summary>
    public int Restarts { get; init; }

    /// <summary>The exit code of the last process that ended; null before.</summary>
    public int? ExitCode { get; init; }

    /// <summary>Where it answers.</summary>
    public IReadOnlyList<Uri> Endpoints { get; init; } = [];

    /// <summary>What it was started from: full path of the assembly or script.</summary>
    public string Source { get; init; } = "";

    /// <summary>Processor time used in the last seconds, as a share of one core: 1 is one core. Null when unknown.</summary>
    public double? Cpu { get; init; }

    /// <summary>Resident memory in bytes. Null when unknown.</summary>
    public long? MemoryBytes { get; init; }

    /// <summary>What it was started with, in order of name.</summary>
    public IReadOnlyList<EnvironmentVariable> Environment { get; init; } = [];
}
