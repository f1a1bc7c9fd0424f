using System.Text.Json;
using System.Text.Json.Serialization;
using ImageAspire.Core.Diagnostics;
using ImageAspire.Core.Ports;
using ImageAspire.Embedded.Blobs;
using ImageAspire.Embedded.Files;

namespace ImageAspire.Embedded.Backup;

/// <summary>Makes a folder a backup: written last, atomically. It has the digest of the list of files, and the list the digests of the files.</summary>
internal sealed record BackupManifest
{
    /// <summary>Name of its file.</summary>
    public const string FileName = "manifest.json";

    /// <summary>The format that this build reads and writes.</summary>
    public const int CurrentFormat = 1;

    private const int MostBytes = 64 * 1024;

    /// <summary>Version of the format of the backup, not of the databases.</summary>
    public required int Format { get; init; }

    /// <summary>The version of ImageAspire that wrote the backup.</summary>
    public required string Product { get; init; }

    /// <summary>The moment of the snapshot, UTC.</summary>
    public required DateTimeOffset TakenAt { get; init; }

    /// <summary>When the backup was complete, UTC.</summary>
    public required DateTimeOffset CompletedAt { get; init; }

    /// <summary>Images in its catalog.</summary>
    public required long Images { get; init; }

    /// <summary>Files in the list.</summary>
    public required long Files { get; init; }

    /// <summary>Bytes of the files.</summary>
    public required long Bytes { get; init; }

    /// <summary>Files that were missing in the store, or had other bytes than their records say.</summary>
    public required long Faults { get; init; }

    /// <summary>SHA-256 of the list of files.</summary>
    public required string FileListSha256 { get; init; }

    /// <summary>The databases, each with its schema version.</summary>
    public required IReadOnlyDictionary<string, int> Databases { get; init; }

    /// <summary>Writes the manifest.</summary>
    public Task WriteAsync(string folder, CancellationToken cancellationToken) => PrivateFiles.WriteAtomicallyAsync(
        Path.Combine(folder, FileName), JsonSerializer.SerializeToUtf8Bytes(this, BackupJson.Default.BackupManifest), cancellationToken);

    /// <summary>Reads the manifest of a backup.</summary>
    /// <exception cref="BackupException">The folder is no backup, or an incomplete one, or of another format.</exception>
    public static async Task<BackupManifest> ReadAsync(string folder, CancellationToken cancellationToken)
    {
        var path = Path.Combine(folder, FileName);
        if (!Directory.Exists(folder))
            throw new BackupException(BackupProblem.NoBackup, $"There is no folder '{folder}'.");
        if (RegularFiles.Find(path) is not { } file)
        {
            throw new BackupException(BackupProblem.NoBackup, Directory.Exists(new BlobPaths(Path.Combine(folder, BlobPaths.FolderName)).Staging)
                ? $"'{folder}' is a data folder and no backup. Name it with --data."
                : $"'{folder}' is no backup: there is no {FileName}, which is written last. An incomplete backup is of no use; delete it.");
        }

        try
        {
            if (file.Length > MostBytes)
                throw new JsonException("it is too large");
            var manifest = JsonSerializer.Deserialize(await File.ReadAllBytesAsync(path, cancellationToken), BackupJson.Default.BackupManifest)
                ?? throw new JsonException("it is empty");
            return manifest.Format == CurrentFormat
                ? manifest
                : throw new BackupException(BackupProblem.Newer, $"'{folder}' was written in format {manifest.Format}; this version of ImageAspire ({ProductVersion.Current}) reads format {CurrentFormat}. Use the version that wrote it: {manifest.Product}.");
        }
        catch (JsonException error)
        {
            throw new BackupException(BackupProblem.Damaged, $"{FileName} in '{folder}' is damaged: {error.Message}. Use another backup.", error);
        }
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true)]
[JsonSerializable(typeof(BackupManifest))]
[JsonSerializable(typeof(BackupAttempt))]
internal sealed partial class BackupJson : JsonSerializerContext;
