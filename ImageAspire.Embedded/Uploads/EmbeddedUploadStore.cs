using ImageAspire.Core.Ports;
using ImageAspire.Core.Uploads;
using ImageAspire.Embedded.Blobs;

namespace ImageAspire.Embedded.Uploads;

/// <summary>Uploads as files. Safe for several processes on one data folder.</summary>
internal sealed class EmbeddedUploadStore(EmbeddedOptions options, TimeProvider time) : IUploadStore, IAsyncDisposable
{
    private const int Threads = 8;

    // What a process that died in the middle of a step leaves is older than this; steps take milliseconds.
    private static readonly TimeSpan AbandonedAfter = TimeSpan.FromHours(1);
    private readonly string _root = options.PathOf("uploads");
    private readonly BlockingThreads _disk = new("upload-sync", Threads);

    public Task CreateAsync(ResumableUpload upload, CancellationToken cancellationToken) => RunAsync(() =>
    {
        EnsureFolder(UploadFiles.FolderOf(_root, upload.Owner));
        var files = new UploadFiles(_root, upload.Owner, upload.Id);
        using (new FileStream(files.Part, FileMode.CreateNew, FileAccess.Write, FileShare.None))
        {
        }

        try
        {
            files.Write(upload); // this makes it an upload, and both names durable
        }
        catch
        {
            files.Delete(); // nobody will ever ask for it, and the disk may be full
            throw;
        }

        return true;
    }, cancellationToken);

    public Task<UploadState?> FindAsync(Guid owner, Guid id, CancellationToken cancellationToken) =>
        RunAsync(() => Find(new UploadFiles(_root, owner, id)), cancellationToken);

    public Task<IUploadLease?> TryAcquireAsync(Guid owner, Guid id, CancellationToken cancellationToken) =>
        RunAsync<IUploadLease?>(() => TryHold(new UploadFiles(_root, owner, id)), cancellationToken);

    public Task<UploadUsage> CountAsync(Guid owner, CancellationToken cancellationToken) => RunAsync(() =>
    {
        var folder = new DirectoryInfo(UploadFiles.FolderOf(_root, owner));
        var (count, bytes, open) = (0, 0L, 0);
        // Finished ones have no bytes, so nothing is read for them.
        foreach (var part in folder.Exists ? folder.EnumerateFiles("*" + UploadFiles.Parts) : [])
        {
            if (IdOf(part) is not { } id || new UploadFiles(folder.FullName, id).Read() is not { ImageId: null } upload)
                continue;
            (count, bytes, open) = (count + 1, bytes + (upload.Length ?? 0), open + (upload.Length is null ? 1 : 0));
        }

        return new UploadUsage(count, bytes, open);
    }, cancellationToken);

    public async Task<int> RemoveExpiredAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        var removed = 0;
        var root = new DirectoryInfo(_root);
        foreach (var folder in root.Exists ? root.EnumerateDirectories() : [])
        {
            foreach (var id in folder.EnumerateFiles().Select(IdOf).OfType<Guid>().Distinct().ToList())
            {
                if (await _disk.RunAsync(() => TryRemove(new UploadFiles(folder.FullName, id), now), cancellationToken))
                    removed++;
            }
        }

        return removed;
    }

    public ValueTask DisposeAsync() => _disk.DisposeAsync();

    private Task<T> RunAsync<T>(Func<T> work, CancellationToken cancellationToken) =>
        UploadErrors.TellAsync(_root, () => _disk.RunAsync(work, cancellationToken));

    private static UploadState? Find(UploadFiles files)
    {
        if (files.Read() is not { } upload)
            return null;
        try
        {
            return files.StateOf(upload);
        }
        catch (FileNotFoundException)
        {
            // Finished or removed since the sidecar was read.
            return files.Read() is { ImageId: not null } finished ? files.StateOf(finished) : null;
        }
    }

    private EmbeddedUploadLease? TryHold(UploadFiles files)
    {
        if (!File.Exists(files.Sidecar) || UploadLock.TryTake(files.Lock) is not { } held)
            return null;
        try
        {
            if (Find(files) is { } state)
                return new EmbeddedUploadLease(files, held, state, _disk, time);
        }
        catch
        {
            held.Dispose();
            throw;
        }

        held.Remove(); // it was removed in this moment
        return null;
    }

    private static bool TryRemove(UploadFiles files, DateTimeOffset now)
    {
        var newest = Newest(files); // before the lock, which may be a new file
        if (!IsToGo(files, newest, now) || UploadLock.TryTake(files.Lock) is not { } held)
            return false; // or somebody is at it
        if (!IsToGo(files, newest, now))
        {
            held.Dispose();
            return false;
        }

        var state = Find(files);
        if (state is { Upload.ImageId: not null } && now < state.ExpiresAt)
        {
            UnixFiles.TryDelete(files.Part);
            held.Dispose();
            return false;
        }

        files.Delete();
        held.Remove();
        return state is not null;
    }

    // Expired; or finished, and its process died before the bytes were gone; or no upload at all, left by a process that died in between.
    private static bool IsToGo(UploadFiles files, DateTimeOffset newest, DateTimeOffset now) => Find(files) is { } state
        ? now >= state.ExpiresAt || state.Upload.ImageId is not null && File.Exists(files.Part)
        : now - newest >= AbandonedAfter;

    private static DateTimeOffset Newest(UploadFiles files) => new[] { files.Part, files.Lock }.Where(File.Exists)
        .Select(path => (DateTimeOffset)File.GetLastWriteTimeUtc(path)).DefaultIfEmpty(DateTimeOffset.UnixEpoch).Max();

    private static Guid? IdOf(FileInfo file) => Guid.TryParseExact(Path.GetFileNameWithoutExtension(file.Name), "N", out var id) ? id : null;

    private void EnsureFolder(string folder)
    {
        if (Directory.Exists(folder))
            return;
        options.CreateDataFolder();
        Directory.CreateDirectory(folder);
        UnixFiles.SyncFolder(_root);
        UnixFiles.SyncFolder(options.PathOf(""));
    }
}
