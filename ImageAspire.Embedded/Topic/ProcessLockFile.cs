using ImageAspire.Embedded.Files;
using Microsoft.Extensions.Logging;

namespace ImageAspire.Embedded.Topic;

/// <summary>
/// A file that a process keeps locked for as long as it lives. The operating system releases the lock at the moment the process ends,
/// however it ends, and not before: a process that is only suspended keeps it. The file's name marks the process's locks of messages.
/// </summary>
internal sealed partial class ProcessLockFile : IDisposable
{
    private const int Tries = 5;
    private readonly string _folder;
    private readonly FileStream _file;

    private ProcessLockFile(string folder, FileStream file) => (_folder, _file) = (folder, file);

    /// <summary>The file's name.</summary>
    public string Id => Path.GetFileName(_file.Name);

    /// <summary>Creates and locks a file; null where locks do not work. Then locks of messages end only when they expire.</summary>
    public static ProcessLockFile? TryCreate(string folder, ILogger logger)
    {
        try
        {
            PrivateFiles.CreateFolder(folder);
            for (var i = 0; i < Tries; i++)
            {
                if (TryCreate(folder) is { } created)
                    return created;
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            LogNotCreated(logger, error);
            return null;
        }

        LogNoLocks(logger);
        return null;
    }

    /// <summary>The files of processes that have ended. Each is locked by the caller, who removes it.</summary>
    public IEnumerable<ProcessLockFile> FindAbandoned()
    {
        foreach (var path in Directory.EnumerateFiles(_folder))
        {
            if (path != _file.Name && TryOpen(path, FileMode.Open) is { } file)
                yield return new ProcessLockFile(_folder, file);
        }
    }

    /// <summary>Releases the lock and leaves the file: to others this process has ended.</summary>
    public void Dispose() => _file.Dispose();

    /// <summary>Releases the lock and removes the file.</summary>
    public void Remove()
    {
        _file.Dispose(); // first: Windows removes no open files
        try
        {
            File.Delete(_file.Name);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // Another process has it open at this moment, and removes it.
        }
    }

    // Where a file system has no locks, or they are switched off, a second lock of the same file succeeds. And a process that opened the file
    // before it was locked may have removed it: then it does not exist.
    private static ProcessLockFile? TryCreate(string folder)
    {
        var path = Path.Combine(folder, Guid.CreateVersion7().ToString("N"));
        if (TryOpen(path, FileMode.CreateNew) is not { } file)
            return null;
        var second = TryOpen(path, FileMode.Open);
        second?.Dispose();
        if (second is null && File.Exists(path))
            return new ProcessLockFile(folder, file);
        file.Dispose();
        File.Delete(path);
        return null;
    }

    // Null when another process has it locked.
    private static FileStream? TryOpen(string path, FileMode mode)
    {
        try
        {
            return new FileStream(path, mode, FileAccess.ReadWrite, FileShare.None, bufferSize: 0);
        }
        catch (Exception error) when (error is (IOException and not DirectoryNotFoundException) or UnauthorizedAccessException)
        {
            return null;
        }
    }

    [LoggerMessage(LogLevel.Warning, "The lock file of this process cannot be created: if the process dies, its messages are delivered again when their locks expire.")]
    private static partial void LogNotCreated(ILogger logger, Exception error);

    [LoggerMessage(LogLevel.Information, "The data folder's file system has no locks: messages of a process that dies are delivered again when their locks expire.")]
    private static partial void LogNoLocks(ILogger logger);
}
