using ImageAspire.Core.Images;
using ImageAspire.Embedded.Blobs;
using ImageAspire.Embedded.Files;

namespace ImageAspire.Embedded.Backup;

/// <summary>Checks the blobs of a record.</summary>
/// <param name="folder">The store, or a backup.</param>
/// <param name="hash">True to read the originals and compare digests.</param>
internal sealed class BlobChecks(string folder, bool hash)
{
    private const string Copy = "copy this file from a backup (it has the same path there), or ";
    private const string Upload = Copy + "upload the same file again";
    private const string UploadWhenFound = Copy + "upload the same file again when the Worker's scrub has found it (/operations/)";
    private readonly BlobPaths _paths = new(Path.Combine(folder, BlobPaths.FolderName));

    /// <summary>Checks the blobs of a record; returns the bytes of its original.</summary>
    public async Task<long> CheckAsync(ImageRecord record, VerificationReport report, CancellationToken cancellationToken)
    {
        foreach (var blob in StoreFiles.BlobsOf(record))
        {
            var file = RegularFiles.Find(_paths.Of(blob));
            if (blob == record.BlobName)
                await CheckOriginalAsync(record, file, report, cancellationToken);
            else if (file is null or { Length: 0 })
                report.Fault("missing-thumbnail", $"image {record.Id}: {PathOf(blob)}", "copy this file from a backup, or run all of the stage inspect-image once more (docs/operations.md)");
        }

        return record.Bytes;
    }

    private async Task CheckOriginalAsync(ImageRecord record, FileInfo? file, VerificationReport report, CancellationToken cancellationToken)
    {
        if (file is null)
            report.Fault(OriginalDamage.MissingBytes, $"image {record.Id}: {PathOf(record.BlobName)}", Upload);
        else if (file.Length != record.Bytes)
            report.Fault(OriginalDamage.WrongSize, $"image {record.Id}: {PathOf(record.BlobName)} has {file.Length} bytes instead of {record.Bytes}", Upload);
        else if (hash && await FileCopy.DigestAsync(file.FullName, cancellationToken) is var digest && digest?.Sha256 != record.Sha256)
            report.Fault(OriginalDamage.WrongBytes, $"image {record.Id}: {PathOf(record.BlobName)} has the SHA-256 {digest?.Sha256}, not that of the upload", UploadWhenFound);
    }

    private static string PathOf(string blob) => FileList.PathOf(blob);
}
