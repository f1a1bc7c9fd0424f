using ImageAspire.Core.Ports;
using ImageAspire.Core.Uploads;
using ImageAspire.Embedded.Files;

namespace ImageAspire.Embedded.Uploads;

/// <summary>A locked upload.</summary>
internal sealed class EmbeddedUploadLease(UploadFiles files, UploadLock uploadLock, UploadState state, BlockingThreads disk, TimeProvider time) : IUploadLease
{
    private FileStream? _part;
    private bool _deleted;

    public UploadState State { get; private set; } = state;

    public Task AppendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken) => UploadErrors.TranslateAsync(files.Part, async () =>
    {
        var part = OpenPart();
        try
        {
            await RandomAccess.WriteAsync(part.SafeFileHandle, bytes, State.Offset, cancellationToken);
        }
        finally
        {
            // Also when the disk became full half-way: the bytes that are there count.
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
        return UploadErrors.TranslateAsync(files.Part, () => Task.FromResult<Stream>(files.OpenPart()));
    }

    public async Task SaveAsync(ResumableUpload upload, CancellationToken cancellationToken)
    {
        await RunAsync(() =>
        {
            files.Write(upload);
            if (upload.ImageId is not null)
                UnixFiles.TryDelete(files.Part); // after a crash before this line the sweeper deletes it
            return true;
        }, cancellationToken);
        State = State with { Upload = upload, ChangedAt = time.GetUtcNow() };
    }

    public async Task DeleteAsync(CancellationToken cancellationToken)
    {
        _deleted = await RunAsync(() =>
        {
            files.Delete();
            return true;
        }, cancellationToken);
    }

    public ValueTask DisposeAsync()
    {
        _part?.Dispose();
        if (_deleted)
            uploadLock.Remove();
        else
            uploadLock.Dispose();
        return ValueTask.CompletedTask;
    }

    private Task<T> RunAsync<T>(Func<T> work, CancellationToken cancellationToken) =>
        UploadErrors.TranslateAsync(files.Part, () => disk.RunAsync(work, cancellationToken));

    // Unbuffered, at an explicit offset: chunks are large.
    private FileStream OpenPart() => _part ??= files.OpenPart();
}
