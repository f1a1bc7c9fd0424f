using System.Text.Json.Serialization;

namespace ImageAspire.Core.Ports;

/// <summary>Which images a reprocessing job takes.</summary>
public enum ReprocessingScope
{
    /// <summary>Those without a result of the stage, among them those where it failed.</summary>
    Missing,

    /// <summary>All that are not rejected.</summary>
    All,
}

/// <summary>How far a reprocessing job is.</summary>
public enum ReprocessingState
{
    /// <summary>Under way, or waiting for a process that continues it.</summary>
    Running,

    /// <summary>Every image was looked at.</summary>
    Done,

    /// <summary>An operator stopped it.</summary>
    Cancelled,
}

/// <summary>
/// Sends many images to a stage again, in the background. There is at most one for each stage; it is stored after every page of images, so that
/// any process can continue it. After a crash at most one page is looked at twice.
/// </summary>
public sealed record ReprocessingJob
{
    /// <summary>The stage's subscription, for example <c>inspect-image</c>.</summary>
    public required string Stage { get; init; }

    /// <summary>1 when it is first stored; grows with every change, also over several jobs of a stage.</summary>
    public required long Version { get; init; }

    /// <summary>Which images.</summary>
    [JsonPropertyName("kind")]
    public required ReprocessingScope Scope { get; init; }

    /// <summary>Where it stands.</summary>
    public required ReprocessingState State { get; init; }

    /// <summary>Name of the API key that asked for it.</summary>
    public required string StartedBy { get; init; }

    /// <summary>When, UTC.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>When it was last stored, UTC.</summary>
    public required DateTimeOffset UpdatedAt { get; init; }

    /// <summary>Images that there were to look at when it began; 0 until they are counted.</summary>
    public long Total { get; init; }

    /// <summary>Images looked at.</summary>
    public long Examined { get; init; }

    /// <summary>Images sent to the stage.</summary>
    public long Sent { get; init; }

    /// <summary>Which of the passes over the statuses, from 0.</summary>
    public int Pass { get; init; }

    /// <summary>Where in the pass; null at its beginning.</summary>
    public string? Cursor { get; init; }

    /// <summary>True when there were fewer messages than images that wait for the stage: then those are announced once more.</summary>
    public bool Stranded { get; init; }

    /// <summary>True while the stage has enough to do, and the job waits until it has caught up.</summary>
    public bool Waiting { get; init; }

    /// <summary>Until when the process that works on it has it for itself, UTC; null when none does.</summary>
    public DateTimeOffset? LeaseUntil { get; init; }
}
