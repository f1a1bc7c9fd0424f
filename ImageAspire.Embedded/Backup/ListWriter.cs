using System.Text;
using ImageAspire.Embedded.Files;

namespace ImageAspire.Embedded.Backup;

/// <summary>Writes the list of files of a backup, and counts.</summary>
internal sealed class ListWriter(string folder) : IAsyncDisposable
{
    private readonly StreamWriter _writer = new(PrivateFiles.Create(Path.Combine(folder, FileList.FileName)), new UTF8Encoding(false));

    public long Files { get; private set; }

    public long Bytes { get; private set; }

    public long Linked { get; private set; }

    public Task AddAsync(ListedFile file, bool linked)
    {
        (Files, Bytes, Linked) = (Files + 1, Bytes + file.Digest.Bytes, Linked + (linked ? 1 : 0));
        return FileList.WriteAsync(_writer, file);
    }

    public async Task<FileDigest> CompleteAsync(CancellationToken cancellationToken)
    {
        await _writer.FlushAsync(cancellationToken);
        RandomAccess.FlushToDisk(((FileStream)_writer.BaseStream).SafeFileHandle);
        return (await FileCopy.DigestAsync(Path.Combine(folder, FileList.FileName), cancellationToken))!;
    }

    public ValueTask DisposeAsync() => _writer.DisposeAsync();
}
