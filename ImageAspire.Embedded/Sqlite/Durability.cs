namespace ImageAspire.Embedded.Sqlite;

/// <summary>What a write guarantees when it returns.</summary>
internal enum Durability
{
    /// <summary>Survives a crash of the process. Enough for what a restart repairs: locks, completions, counters.</summary>
    Process,

    /// <summary>Survives a power cut: the write-ahead log was synced to the disk.</summary>
    Disk,
}
