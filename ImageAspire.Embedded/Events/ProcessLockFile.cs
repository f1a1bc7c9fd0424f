using Microsoft.Extensions.Logging;

namespace ImageAspire.Embedded.Events;

/// <summary>
/// A file that a process holds locked for as long as it lives, so that others can tell: the system gives the lock back in the moment in which
/// the process is gone, however that came, and not before; a process that only stands still keeps it. Its name is what the process's locks of
/// messages are marked with.
/// </summary>
internal sealed partial class ProcessLockFile : IDisposable
{
    private const int Tries = 5;
    private readonly string _folder;
    private readonly FileStream _file;

    private ProcessLockFile(string folder, FileStream file) => (_folder, _file) = (folder, file);

    /// <summary>Its name.</summary>
    public string Id => Path.GetFileName(_file.Name);

    /// <summary>Makes and locks a file; null where that tells others nothing. Then locks of messages are given back by their time alone.</summary>
    public static ProcessLockFile? TryTake(string folder, ILogger logger)
    {
        try
        {
            Directory.CreateDirectory(folder);
            for (var i = 0; i < Tries; i++)
            {
                if (TryTake(folder) is { } mark)
                    return mark;
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            LogNoMark(logger, error);
            return null;
        }

        LogNoLocks(logger);
        return null;
    }

    /// <summary>The files of those who are gone, each locked by the caller, who is to remove it.</summary>
    public IEnumerable<ProcessLockFile> Gone()
    {
        foreach (var path in Directory.EnumerateFiles(_folder))
        {
            if (path != _file.Name && TryOpen(path, FileMode.Open) is { } file)
                yield return new ProcessLockFile(_folder, file);
        }
    }

    /// <summary>Gives the lock back, and leaves the file: to others this process is gone.</summary>
    public void Dispose() => _file.Dispose();

    /// <summary>Removes the file: nobody has to look at it any more.</summary>
    public void Remove()
    {
        _file.Dispose(); // first: Windows removes no open files
        try
        {
            File.Delete(_file.Name);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // Somebody looks at it in this moment, and finds that it can be removed.
        }
    }

    // Not every file system has locks, and they can be switched off; then a second one of the same file succeeds. And somebody who looked before
    // the file was locked may have removed it: then it cannot be found.
    private static ProcessLockFile? TryTake(string folder)
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

    // Null when somebody has it.
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

    [LoggerMessage(LogLevel.Warning, "No file can be made that says that this process lives: if it dies, its messages come back when their locks run out.")]
    private static partial void LogNoMark(ILogger logger, Exception error);

    [LoggerMessage(LogLevel.Information, "The data folder's file system has no locks: messages of a process that dies come back when their locks run out.")]
    private static partial void LogNoLocks(ILogger logger);
}
