using System.Runtime.CompilerServices;
using ImageAspire.Core.Errors;
using ImageAspire.Core.Ports;
using ImageAspire.Embedded.Files;

namespace ImageAspire.Embedded.Blobs;

/// <summary>Blobs as files. Safe for several processes on one data folder.</summary>
internal sealed class EmbeddedBlobStore : IBlobStore, IAsyncDisposable
{
    // Large reads bypass the buffer; readers that parse headers byte by byte need one.
    private const int ReadBuffer = 16 * 1024;
    private static readonly TimeSpan AbandonedAfter = TimeSpan.FromHours(1);
    private readonly string _root;
    private readonly BlobPaths _paths;
    private readonly BlobCommitter _committer = new();
    private readonly TimeProvider _time;
    private long _cleanedAt; // 0 for never

    public EmbeddedBlobStore(DataFolder folder, TimeProvider time)
    {
        _root = folder.PathOf(BlobPaths.FolderName);
        _paths = new BlobPaths(_root);
        _time = time;
        if (Directory.Exists(_paths.Staging))
            return;
        folder.Create();
        PrivateFiles.CreateFolder(_paths.Staging);
        UnixFiles.SyncFolder(folder.FullPath); // or a power cut could remove the whole folder of blobs
    }

    public Task<IStagedBlob> StageAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        try
        {
            CleanStagingHourly();
        }
        catch (Exception error) when (DiskErrors.Translate(error, _paths.Staging) is StoreUnavailableException unavailable)
        {
            throw unavailable;
        }

        var path = Path.Combine(_paths.Staging, Guid.CreateVersion7(_time.GetUtcNow()).ToString("N"));
        return Task.FromResult<IStagedBlob>(new StagedFile(path, _paths, _committer));
    }

    public Task<Stream?> OpenAsync(string name, long offset, long? length, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfNegative(length ?? 0, nameof(length));
        cancellationToken.ThrowIfCancellationRequested();
        var path = _paths.Of(name);
        try
        {
            if (RegularFiles.Open(path, ReadBuffer) is not { } file)
                return Task.FromResult<Stream?>(null);
            file.Position = offset;
            return Task.FromResult<Stream?>(length is { } bound ? new BoundedStream(file, bound) : file);
        }
        catch (Exception error) when (DiskErrors.Translate(error, path) is StoreUnavailableException unavailable)
        {
            throw unavailable;
        }
    }

    public Task<BlobInfo?> StatAsync(string name, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return Task.FromResult(RegularFiles.Find(_paths.Of(name)) is { } file ? new BlobInfo(name, file.Length, file.LastWriteTimeUtc) : null);
    }

    // Not synced: a deletion that a power cut undoes leaves an orphan, which the sweeper removes.
    public Task<bool> DeleteAsync(string name, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        // A backup needs the bytes of every record that it has; the sweeper removes them afterwards.
        var path = _paths.Of(name);
        return Task.FromResult(!DeletionLock.IsHeld(_root) && UnixFiles.TryDelete(path));
    }

    public async IAsyncEnumerable<BlobInfo> ListAsync(string folder, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var root = new DirectoryInfo(_paths.OfFolder(folder));
        if (!root.Exists)
            yield break;
        foreach (var file in root.EnumerateFiles("*", SearchOption.AllDirectories))
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (Describe(folder, file) is { } blob)
                yield return blob;
            if (Random.Shared.Next(256) == 0)
                await Task.Yield(); // a million files must not block the thread
        }
    }

    public ValueTask DisposeAsync() => _committer.DisposeAsync();

    // Null when the file was deleted since the folder was read.
    private static BlobInfo? Describe(string folder, FileInfo file)
    {
        try
        {
            return new BlobInfo(folder + file.Name, file.Length, file.LastWriteTimeUtc);
        }
        catch (FileNotFoundException)
        {
            return null;
        }
    }

    /// <summary>Removes the files of processes that died: with the first upload, then at most once an hour.</summary>
    private void CleanStagingHourly()
    {
        var began = Interlocked.Read(ref _cleanedAt);
        if ((began != 0 && _time.GetElapsedTime(began) < AbandonedAfter)
            || Interlocked.CompareExchange(ref _cleanedAt, _time.GetTimestamp(), began) != began)
        {
            return;
        }

        foreach (var file in new DirectoryInfo(_paths.Staging).EnumerateFiles())
        {
            if (_time.GetUtcNow() - file.LastWriteTimeUtc > AbandonedAfter && !IsInUse(file))
                UnixFiles.TryDelete(file.FullName);
        }
    }

    // A clock that was set forward makes an upload in progress look abandoned; but its process has the file open.
    private static bool IsInUse(FileInfo file)
    {
        if (RegularFiles.Find(file.FullName) is null)
            return false;
        try
        {
            using var exclusive = file.Open(FileMode.Open, FileAccess.Read, FileShare.None);
            return false;
        }
        catch (FileNotFoundException)
        {
            return false; // committed or discarded since the folder was read
        }
        catch (IOException)
        {
            return true;
        }
    }
}
