namespace ImageAspire.Embedded.Backup;

/// <summary>A backup, a restore or a verification is impossible; the message explains the reason and the remedy to an operator.</summary>
/// <param name="message">For people.</param>
/// <param name="inner">The cause.</param>
public sealed class BackupException(string message, Exception? inner = null) : Exception(message, inner);
