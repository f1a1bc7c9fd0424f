using ImageAspire.Core.Images;
using ImageAspire.Embedded.Blobs;
using ImageAspire.Embedded.Files;

namespace ImageAspire.Embedded.Backup;

/// <summary>Adds blobs to a backup: as hard links where the file system has them, which is safe because a file is never written again, only replaced; else as copies.</summary>
internal sealed class BlobWriter(BlobPaths from, string target, bool copy, ListWriter list)
{
    private readonly BlobPaths _to = new(Path.Combine(target, BlobPaths.FolderName));
    private readonly HashSet<string> _folders = [];
    private bool _copyOnly = copy;

    public ListWriter List => list;

    /// <summary>Adds a blob; returns what is wrong with it, or null.</summary>
    public async Task<string?> AddAsync(ImageRecord record, string blob, CancellationToken cancellationToken)
    {
        var (source, path) = (from.Of(blob), _to.Of(blob));
        if (_folders.Add(Path.GetDirectoryName(path)!)) // at most 512
            PrivateFiles.CreateFolder(Path.GetDirectoryName(path)!);
        var linked = !_copyOnly && UnixFiles.TryLink(source, path);
        var digest = linked ? await FileCopy.DigestAsync(path, cancellationToken) : await FileCopy.CopyAsync(source, path, cancellationToken);
        if (digest is null && linked)
            UnixFiles.TryDelete(path); // a link to something that is no regular file
        if (digest is null)
            return $"{blob} of image {record.Id} is missing in the store, and so in this backup.";
        _copyOnly |= !linked; // when one link is impossible, so are the others
        await list.AddAsync(new ListedFile(FileList.PathOf(blob), digest), linked);
        return blob == record.BlobName && digest.Sha256 != record.Sha256
            ? $"{blob} of image {record.Id} has other bytes than were uploaded; they are in the backup as they are."
            : null;
    }
}
