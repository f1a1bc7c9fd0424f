using ImageAspire.Core.Images;
using ImageAspire.Embedded.Files;

namespace ImageAspire.Embedded.Backup;

/// <summary>Compares the files of a backup with its list, and the list with the manifest.</summary>
internal sealed class FileChecks(string backup, BackupManifest manifest, VerificationReport report, StoreProgress progress)
{
    private const string Remedy = "use another backup";

    /// <summary>Runs the checks; quick ones compare only sizes.</summary>
    public async Task RunAsync(bool quick, CancellationToken cancellationToken)
    {
        if (await FileCopy.DigestAsync(Path.Combine(backup, FileList.FileName), cancellationToken) is var list && list?.Sha256 != manifest.FileListSha256)
        {
            report.Fault("wrong-manifest", list is null ? $"{FileList.FileName} is missing" : $"{FileList.FileName} does not have the digest in {BackupManifest.FileName}", Remedy);
            return;
        }

        var (files, bytes) = (0L, 0L);
        await foreach (var file in FileList.ReadAsync(backup, cancellationToken))
        {
            await CheckAsync(file, quick, cancellationToken);
            (files, bytes) = (files + 1, bytes + file.Digest.Bytes);
            progress.Report("Files", files, manifest.Files, bytes);
        }

        if (files != manifest.Files || bytes != manifest.Bytes)
            report.Fault("wrong-manifest", $"the manifest has {manifest.Files} files with {manifest.Bytes} bytes, the list {files} with {bytes}", Remedy);
        if (!manifest.Databases.Keys.All(name => File.Exists(Path.Combine(backup, name))))
            report.Fault("missing-file", $"of the databases {string.Join(", ", manifest.Databases.Keys)} not all are there", Remedy);
        if (manifest.Faults > 0)
            report.Note($"the store had {manifest.Faults} faults when this backup was taken.");
    }

    private async Task CheckAsync(ListedFile file, bool quick, CancellationToken cancellationToken)
    {
        var found = RegularFiles.Find(Path.Combine(backup, file.Path));
        if (found is null)
            report.Fault("missing-file", file.Path, Remedy);
        else if (found.Length != file.Digest.Bytes)
            report.Fault("wrong-size", $"{file.Path} has {found.Length} bytes instead of {file.Digest.Bytes}", Remedy);
        else if (!quick && await FileCopy.DigestAsync(found.FullName, cancellationToken) is var digest && digest?.Sha256 != file.Digest.Sha256)
            report.Fault("wrong-bytes", $"{file.Path} has the SHA-256 {digest?.Sha256} instead of {file.Digest.Sha256}", Remedy);
        else if (file.Blob is { } blob && blob.StartsWith(BlobNames.Originals, StringComparison.Ordinal) && !found.Name.StartsWith(file.Digest.Sha256, StringComparison.Ordinal))
            report.Fault("wrong-bytes", $"{file.Path} was already damaged in the store when this backup was taken", "take it from an older backup");
    }
}
