namespace ImageAspire.Embedded.Backup;

/// <summary>Why a backup, a restore or a verification is impossible.</summary>
public enum BackupProblem
{
    /// <summary>Backup and data folder are inside of each other.</summary>
    Nested,

    /// <summary>What should be written to is a file.</summary>
    NotAFolder,

    /// <summary>The folder to write to is not empty.</summary>
    NotEmpty,

    /// <summary>The folder to write to holds a backup already.</summary>
    HoldsBackup,

    /// <summary>The empty folder to write to cannot be replaced; it may be a mounted disk.</summary>
    CannotReplace,

    /// <summary>The folder to read is no data folder.</summary>
    NoStore,

    /// <summary>The folder to read is no backup, or an incomplete one.</summary>
    NoBackup,

    /// <summary>The store or the backup is damaged.</summary>
    Damaged,

    /// <summary>A newer version of ImageAspire wrote it.</summary>
    Newer,

    /// <summary>Another backup or verification is running, or a database stays locked.</summary>
    Busy,
}

/// <summary>A backup, a restore or a verification is impossible; the message explains the reason and the remedy to an operator.</summary>
/// <param name="problem">The reason.</param>
/// <param name="message">For people.</param>
/// <param name="inner">The cause.</param>
public sealed class BackupException(BackupProblem problem, string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>The reason.</summary>
    public BackupProblem Problem { get; } = problem;
}
