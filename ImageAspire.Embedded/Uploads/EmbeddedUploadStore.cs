using ImageAspire.Core.Ports;
using ImageAspire.Core.Uploads;
using ImageAspire.Embedded.Files;

namespace ImageAspire.Embedded.Uploads;

/// <summary>Uploads as files. Safe for several processes on one data folder.</summary>
internal sealed class EmbeddedUploadStore(DataFolder folder, TimeProvider time) : IUploadStore, IAsyncDisposable
{
    private const int Threads = 8;
    private readonly string _root = folder.PathOf("uploads");
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
            files.Write(upload); // makes it an upload, and both names durable
        }
        catch
        {
            files.Delete(); // the caller gets no id for it, and the disk may be full
            throw;
        }

        return true;
    }, cancellationToken);

    public Task<UploadState?> FindAsync(Guid owner, Guid id, CancellationToken cancellationToken) =>
        RunAsync(() => new UploadFiles(_root, owner, id).ReadState(), cancellationToken);

    public Task<IUploadLease?> TryAcquireAsync(Guid owner, Guid id, CancellationToken cancellationToken) =>
        RunAsync<IUploadLease?>(() => TryAcquire(new UploadFiles(_root, owner, id)), cancellationToken);

    public Task<UploadUsage> CountAsync(Guid owner, CancellationToken cancellationToken) => RunAsync(() =>
    {
        var ofOwner = new DirectoryInfo(UploadFiles.FolderOf(_root, owner));
        var (count, bytes, open) = (0, 0L, 0);
        // Finished uploads have no part file, so their sidecars are not read.
        foreach (var part in ofOwner.Exists ? ofOwner.EnumerateFiles("*" + UploadFiles.Parts) : [])
        {
            if (UploadFiles.IdOf(part) is not { } id || new UploadFiles(ofOwner.FullName, id).Read() is not { ImageId: null } upload)
                continue;
            (count, bytes, open) = (count + 1, bytes + (upload.Length ?? 0), open + (upload.Length is null ? 1 : 0));
        }

        return new UploadUsage(count, bytes, open);
    }, cancellationToken);

    public async Task<int> RemoveExpiredAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        var removed = 0;
        var root = new DirectoryInfo(_root);
        foreach (var ofOwner in root.Exists ? root.EnumerateDirectories() : [])
        {
            foreach (var id in ofOwner.EnumerateFiles().Select(UploadFiles.IdOf).OfType<Guid>().Distinct().ToList())
            {
                if (await _disk.RunAsync(() => ExpiredUploads.TryRemove(new UploadFiles(ofOwner.FullName, id), now), cancellationToken))
                    removed++;
            }
        }

        return removed;
    }

    public ValueTask DisposeAsync() => _disk.DisposeAsync();

    private Task<T> RunAsync<T>(Func<T> work, CancellationToken cancellationToken) =>
        UploadErrors.TranslateAsync(_root, () => _disk.RunAsync(work, cancellationToken));

    private EmbeddedUploadLease? TryAcquire(UploadFiles files)
    {
        if (!File.Exists(files.Sidecar) || UploadLock.TryAcquire(files.Lock) is not { } uploadLock)
            return null;
        try
        {
            if (files.ReadState() is { } state)
                return new EmbeddedUploadLease(files, uploadLock, state, _disk, time);
        }
        catch
        {
            uploadLock.Dispose();
            throw;
        }

        uploadLock.Remove(); // the upload was removed meanwhile
        return null;
    }

    private void EnsureFolder(string path)
    {
        if (Directory.Exists(path))
            return;
        folder.Create();
        PrivateFiles.CreateFolder(path);
        UnixFiles.SyncFolder(_root);
        UnixFiles.SyncFolder(folder.FullPath);
    }
}
