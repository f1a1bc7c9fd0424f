namespace ImageAspire.Core.Heartbeats;

/// <summary>What a process says about itself every few seconds, in the store that all processes share.</summary>
public sealed record Heartbeat
{
    /// <summary>This run of the process: a restart is another one.</summary>
    public required Guid Id { get; init; }

    /// <summary>What it runs: one of <see cref="ServiceNames"/>.</summary>
    public required string Service { get; init; }

    /// <summary>Its name where it is operated, for example <c>worker-2</c>; unique among the running ones, as far as its operator names them so.</summary>
    public required string Name { get; init; }

    /// <summary>The machine, or the container.</summary>
    public required string Host { get; init; }

    /// <summary>Its number on that machine.</summary>
    public required int ProcessId { get; init; }

    /// <summary>Version of the program.</summary>
    public required string Version { get; init; }

    /// <summary>When it was ready, UTC.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>When it wrote this, UTC.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>When it stopped as it was asked to, UTC; null while it runs, and for ever when it died.</summary>
    public DateTimeOffset? StoppedAt { get; init; }

    // Null only in what another version wrote: then this version reads an empty list.

    /// <summary>What it needs, as it sees it.</summary>
    public IReadOnlyList<DependencyState> Dependencies { get; init => field = value ?? []; } = [];

    /// <summary>Stages that have put messages off, which are not yet due.</summary>
    public IReadOnlyList<StageRetry> Retries { get; init => field = value ?? []; } = [];

    /// <summary>Whom it called, and how that went, over the last five minutes.</summary>
    public IReadOnlyList<CallFigures> Calls { get; init => field = value ?? []; } = [];
}

/// <summary>A dependency as one process sees it.</summary>
/// <param name="Name">One of <see cref="DependencyNames"/>.</param>
/// <param name="Available">Whether it answered a real request just now.</param>
/// <param name="Since">Since when this process sees it so, UTC.</param>
/// <param name="Reason">Why it is not available, for people; without addresses and paths.</param>
public sealed record DependencyState(string Name, bool Available, DateTimeOffset Since, string? Reason = null);

/// <summary>Messages of a stage that one process has put off.</summary>
/// <param name="Subscription">The stage's subscription.</param>
/// <param name="Until">When the last of them is due, UTC.</param>
/// <param name="Reason">Why the last one was put off, for people.</param>
public sealed record StageRetry(string Subscription, DateTimeOffset Until, string Reason);

/// <summary>The services that send heartbeats.</summary>
public static class ServiceNames
{
    /// <summary>Receives and serves images.</summary>
    public const string Api = "api";

    /// <summary>Runs the stages.</summary>
    public const string Worker = "worker";
}

/// <summary>What the services need, by the names of the health checks.</summary>
public static class DependencyNames
{
    /// <summary>Tag of the health checks whose results are in heartbeats.</summary>
    public const string Tag = "dependency";

    /// <summary>The store of records.</summary>
    public const string Documents = "documents";

    /// <summary>The store of bytes.</summary>
    public const string Blobs = "blobs";

    /// <summary>The topic of events.</summary>
    public const string Topic = "topic";

    /// <summary>Space to store more.</summary>
    public const string Space = "space";

    /// <summary>The service that says what is in an image.</summary>
    public const string Vision = "vision";
}
