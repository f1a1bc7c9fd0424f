using System.Collections.Concurrent;
using ImageAspire.Core.Failpoints;
using ImageAspire.Embedded.Files;

namespace ImageAspire.Embedded.Blobs;

/// <summary>Makes staged files durable and gives them their final names: sync the bytes, link, sync the folder.</summary>
internal sealed class BlobCommitter : IAsyncDisposable
{
    private const int Threads = 16;
    private readonly BlockingThreads _threads = new("blob-sync", Threads);

    // Folders that this process knows to be durable; 256 for each of originals and thumbnails.
    private readonly ConcurrentDictionary<string, bool> _knownFolders = new();

    /// <summary>Moves a staged file to its final name; false when that is taken.</summary>
    public Task<bool> CommitAsync(FileStream file, string from, string to, CancellationToken cancellationToken) =>
        _threads.RunAsync(() => Commit(file, from, to, TryMove, cancellationToken), cancellationToken);

    /// <summary>Moves a staged file to its final name, in the place of the file that has it. That file itself is not changed: a backup may have a link to it.</summary>
    public Task<bool> ReplaceAsync(FileStream file, string from, string to, CancellationToken cancellationToken) =>
        _threads.RunAsync(() => Commit(file, from, to, Replace, cancellationToken), cancellationToken);

    public ValueTask DisposeAsync() => _threads.DisposeAsync();

    private bool Commit(FileStream file, string from, string to, Func<string, string, bool> move, CancellationToken cancellationToken)
    {
        RandomAccess.FlushToDisk(file.SafeFileHandle);
        Failpoint.Hit(FailpointNames.BlobSynced);
        cancellationToken.ThrowIfCancellationRequested(); // the last moment at which nothing is visible
        file.Dispose();
        var folder = Path.GetDirectoryName(to)!;
        EnsureFolder(folder);
        bool moved;
        try
        {
            moved = move(from, to);
        }
        catch (DirectoryNotFoundException)
        {
            _knownFolders.TryRemove(folder, out _); // the folder was removed meanwhile
            EnsureFolder(folder);
            moved = move(from, to);
        }

        Failpoint.Hit(FailpointNames.BlobNamed);
        // Also when the name was taken: the process that took it may not have synced yet, and our caller relies on it now.
        UnixFiles.SyncFolder(folder);
        return moved;
    }

    // A pipe or a link that has the name is no blob, and gives way.
    private static bool TryMove(string from, string to) => UnixFiles.TryMove(from, to) || (RegularFiles.Find(to) is null && Replace(from, to));

    private static bool Replace(string from, string to)
    {
        File.Move(from, to, overwrite: true); // rename(), which is atomic
        return true;
    }

    private void EnsureFolder(string folder)
    {
        if (_knownFolders.ContainsKey(folder))
            return;
        var parent = Path.GetDirectoryName(folder)!;
        PrivateFiles.CreateFolder(folder);
        UnixFiles.SyncFolder(parent);
        UnixFiles.SyncFolder(Path.GetDirectoryName(parent)!);
        _knownFolders[folder] = true;
    }
}
