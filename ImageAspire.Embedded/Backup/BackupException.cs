namespace ImageAspire.Embedded.Backup;

/// <summary>A backup, a restore or a verification cannot be done; the message tells an operator why, and what to do.</summary>
/// <param name="message">For people.</param>
/// <param name="inner">The cause.</param>
public sealed class BackupException(string message, Exception? inner = null) : Exception(message, inner);
