namespace ImageAspire.Embedded.Database;

/// <summary>What a write promises when it returns.</summary>
internal enum Durability
{
    /// <summary>Survives a crash of the process. Enough for what a restart makes good by itself: locks, completions, counters.</summary>
    Process,

    /// <summary>Survives a power cut: the write-ahead log was synced to the disk.</summary>
    Disk,
}
