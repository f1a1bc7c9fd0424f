using ImageAspire.Core.Errors;
using ImageAspire.Core.Ports;

namespace ImageAspire.Embedded.Blobs;

/// <summary>A temporary file on its way to becoming a blob.</summary>
internal sealed class StagedFile : IStagedBlob
{
    private readonly string _path;
    private readonly BlobPaths _paths;
    private readonly BlobCommitter _committer;
    private readonly FileStream _file;
    private bool _gone;

    public StagedFile(string path, BlobPaths paths, BlobCommitter committer)
    {
        (_path, _paths, _committer) = (path, paths, committer);
        try
        {
            // Without a buffer: callers write large pieces.
            _file = new FileStream(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.Read | FileShare.Delete, bufferSize: 0, FileOptions.Asynchronous);
        }
        catch (Exception error) when (DiskErrors.Translate(error, path) is StoreUnavailableException away)
        {
            throw away;
        }
    }

    public Stream Content => field ??= new StagingStream(_file);

    public async Task<bool> CommitAsync(string name, string contentType, CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(_gone, this);
        var target = _paths.Of(name);
        try
        {
            await _file.FlushAsync(cancellationToken);
            var moved = await _committer.CommitAsync(_file, _path, target, cancellationToken);
            _gone = moved;
            await DisposeAsync();
            return moved;
        }
        catch (Exception error) when (DiskErrors.Translate(error, target) is StoreUnavailableException away)
        {
            throw away;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _file.DisposeAsync();
        if (!_gone)
            UnixFiles.TryDelete(_path);
        _gone = true;
    }
}
