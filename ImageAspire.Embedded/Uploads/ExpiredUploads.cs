using ImageAspire.Embedded.Files;

namespace ImageAspire.Embedded.Uploads;

/// <summary>Removes expired uploads, and the files of processes that died.</summary>
internal static class ExpiredUploads
{
    // Files that a process left half-way are older than this; a step takes milliseconds.
    private static readonly TimeSpan AbandonedAfter = TimeSpan.FromHours(1);

    /// <summary>Removes an upload that is expired, and what is left of one; whether an upload was removed.</summary>
    public static bool TryRemove(UploadFiles files, DateTimeOffset now)
    {
        var newest = Newest(files); // before the lock, which may create its file
        if (!IsRemovable(files, newest, now) || UploadLock.TryAcquire(files.Lock) is not { } uploadLock)
            return false; // or another process is working on it
        if (!IsRemovable(files, newest, now))
        {
            uploadLock.Dispose();
            return false;
        }

        var state = files.ReadState();
        if (state is { Upload.ImageId: not null } && now < state.ExpiresAt)
        {
            UnixFiles.TryDelete(files.Part);
            uploadLock.Dispose();
            return false;
        }

        files.Delete();
        uploadLock.Remove();
        return state is not null;
    }

    // Expired; or finished by a process that died before the bytes were deleted; or files without an upload, left by a process that died.
    private static bool IsRemovable(UploadFiles files, DateTimeOffset newest, DateTimeOffset now) => files.ReadState() is { } state
        ? now >= state.ExpiresAt || state.Upload.ImageId is not null && File.Exists(files.Part)
        : now - newest >= AbandonedAfter;

    private static DateTimeOffset Newest(UploadFiles files) => new[] { files.Part, files.Lock }.Where(File.Exists)
        .Select(path => (DateTimeOffset)File.GetLastWriteTimeUtc(path)).DefaultIfEmpty(DateTimeOffset.UnixEpoch).Max();
}
