using ImageAspire.Core.Ports;
using ImageAspire.Core.Uploads;
using ImageAspire.Embedded.Blobs;

namespace ImageAspire.Embedded.Uploads;

/// <summary>An upload with its lock.</summary>
internal sealed class EmbeddedUploadLease(UploadFiles files, UploadLock held, UploadState state, BlockingThreads disk, TimeProvider time) : IUploadLease
{
    private FileStream? _part;
    private bool _gone;

    public UploadState State { get; private set; } = state;

    public Task AppendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken) => UploadErrors.TellAsync(files.Part, async () =>
    {
        var part = PartOf();
        try
        {
            await RandomAccess.WriteAsync(part.SafeFileHandle, bytes, State.Offset, cancellationToken);
        }
        finally
        {
            // Also when the disk was full in the middle: what is there counts.
            State = State with { Offset = RandomAccess.GetLength(part.SafeFileHandle), ChangedAt = time.GetUtcNow() };
        }

        return true;
    });

    public Task FlushAsync(CancellationToken cancellationToken) => _part is { } part ? RunAsync(() =>
    {
        RandomAccess.FlushToDisk(part.SafeFileHandle);
        return true;
    }, cancellationToken) : Task.CompletedTask;

    public Task<Stream> OpenAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return UploadErrors.TellAsync(files.Part, () => Task.FromResult<Stream>(new FileStream(files.Part, FileMode.Open, FileAccess.Read,
            FileShare.ReadWrite | FileShare.Delete, bufferSize: 0, FileOptions.Asynchronous | FileOptions.SequentialScan)));
    }

    public async Task SaveAsync(ResumableUpload upload, CancellationToken cancellationToken)
    {
        await RunAsync(() =>
        {
            files.Write(upload);
            if (upload.ImageId is not null)
                UnixFiles.TryDelete(files.Part); // a crash before this line leaves it to the sweep
            return true;
        }, cancellationToken);
        State = State with { Upload = upload, ChangedAt = time.GetUtcNow() };
    }

    public async Task DeleteAsync(CancellationToken cancellationToken)
    {
        _gone = await RunAsync(() =>
        {
            files.Delete();
            return true;
        }, cancellationToken);
    }

    public ValueTask DisposeAsync()
    {
        _part?.Dispose();
        if (_gone)
            held.Remove();
        else
            held.Dispose();
        return ValueTask.CompletedTask;
    }

    private Task<T> RunAsync<T>(Func<T> work, CancellationToken cancellationToken) =>
        UploadErrors.TellAsync(files.Part, () => disk.RunAsync(work, cancellationToken));

    // Without a buffer, at an explicit place: pieces are large.
    private FileStream PartOf() => _part ??= new FileStream(files.Part, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete,
        bufferSize: 0, FileOptions.Asynchronous);
}
