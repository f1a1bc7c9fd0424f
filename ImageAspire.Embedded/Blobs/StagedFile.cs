using ImageAspire.Core.Errors;
using ImageAspire.Core.Ports;
using ImageAspire.Embedded.Files;

namespace ImageAspire.Embedded.Blobs;

/// <summary>A temporary file that becomes a blob when it is committed.</summary>
internal sealed class StagedFile : IStagedBlob
{
    private readonly string _path;
    private readonly BlobPaths _paths;
    private readonly BlobCommitter _committer;
    private readonly FileStream _file;
    private bool _finished;

    public StagedFile(string path, BlobPaths paths, BlobCommitter committer)
    {
        (_path, _paths, _committer) = (path, paths, committer);
        try
        {
            // Without a buffer: callers write large pieces.
            _file = new FileStream(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.Read | FileShare.Delete, bufferSize: 0, FileOptions.Asynchronous);
        }
        catch (Exception error) when (DiskErrors.Translate(error, path) is StoreUnavailableException unavailable)
        {
            throw unavailable;
        }
    }

    public Stream Content => field ??= new StagingStream(_file);

    public Task<bool> CommitAsync(string name, string contentType, CancellationToken cancellationToken) => MoveAsync(name, _committer.CommitAsync, cancellationToken);

    public Task ReplaceAsync(string name, string contentType, CancellationToken cancellationToken) => MoveAsync(name, _committer.ReplaceAsync, cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await _file.DisposeAsync();
        if (!_finished)
            UnixFiles.TryDelete(_path);
        _finished = true;
    }

    private async Task<bool> MoveAsync(string name, Func<FileStream, string, string, CancellationToken, Task<bool>> move, CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(_finished, this);
        var target = _paths.Of(name);
        try
        {
            await _file.FlushAsync(cancellationToken);
            var moved = await move(_file, _path, target, cancellationToken);
            _finished = moved;
            await DisposeAsync();
            return moved;
        }
        catch (Exception error) when (DiskErrors.Translate(error, target) is StoreUnavailableException unavailable)
        {
            throw unavailable;
        }
    }
}
