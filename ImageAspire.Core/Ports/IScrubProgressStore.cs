namespace ImageAspire.Core.Ports;

/// <summary>How far the scrub is, and which process runs it: one small document.</summary>
public interface IScrubProgressStore
{
    /// <summary>The document; null before the first pass.</summary>
    Task<ScrubProgress?> ReadAsync(CancellationToken cancellationToken);

    /// <summary>Stores the document in the place of the version before it; of several callers with the same version exactly one succeeds. Version 1 is the first.</summary>
    /// <returns>False when the stored version is not the one before; nothing was written.</returns>
    Task<bool> SaveAsync(ScrubProgress progress, CancellationToken cancellationToken);
}

/// <summary>A pass of the scrub reads every original once, oldest upload first, and compares it with its record.</summary>
public sealed record ScrubProgress
{
    /// <summary>1 when it is first stored; grows with every change.</summary>
    public required long Version { get; init; }

    /// <summary>The number of the pass, from 1; 0 before the first.</summary>
    public long Pass { get; init; }

    /// <summary>When the pass began, UTC, to the millisecond. It reads what was uploaded before.</summary>
    public DateTimeOffset StartedAt { get; init; }

    /// <summary>Originals read in this pass.</summary>
    public long Images { get; init; }

    /// <summary>Their bytes.</summary>
    public long Bytes { get; init; }

    /// <summary>Where in the catalog; null at the beginning.</summary>
    public string? Cursor { get; init; }

    /// <summary>True when every image was read; the next pass has not begun.</summary>
    public bool Complete { get; init; }

    /// <summary>When the last complete pass ended, UTC; null before.</summary>
    public DateTimeOffset? CompletedAt { get; init; }

    /// <summary>Until when the process that runs the scrub has it for itself, UTC; null when none does.</summary>
    public DateTimeOffset? LeaseUntil { get; init; }
}
