using ImageAspire.Core.Errors;
using ImageAspire.Embedded.Backup;
using ImageAspire.Embedded.Files;
using Microsoft.Extensions.Options;

namespace ImageAspire.Embedded;

/// <summary>Settings of the embedded backend (configuration section <c>Embedded</c>).</summary>
public sealed class EmbeddedOptions
{
    /// <summary>Name of the configuration section.</summary>
    public const string Section = "Embedded";

    /// <summary>Folder of databases, blobs and uploads, absolute or relative to the current folder. Several processes may share it.</summary>
    public string DataFolder { get; set; } = "data";

    /// <summary>Bytes that uploads leave free on the data folder's volume; 0 for none. Null: 256 MiB, at most a twentieth of the volume.</summary>
    public long? MinFreeBytes { get; set; }

    /// <summary>Size in bytes of the file that is given up when deletes meet a full disk; 0 for none. Null: 16 MiB, at most a twentieth of the volume.</summary>
    public long? ReserveFileBytes { get; set; }

    /// <summary>How many copies of the databases from before an upgrade are kept; 0 for none.</summary>
    public int UpgradeBackups { get; set; } = 3;

    /// <summary>When backups are made by themselves, and where.</summary>
    public BackupOptions Backups { get; } = new();
}

/// <summary>Fails at startup, not at the first upload, when the data folder cannot be used.</summary>
internal sealed class ValidateEmbeddedOptions : IValidateOptions<EmbeddedOptions>
{
    // What the databases need to be opened: each a file of 32 KiB that its processes share.
    private const int ProbeBytes = 256 * 1024;

    public ValidateOptionsResult Validate(string? name, EmbeddedOptions options)
    {
        var errors = new List<string>();
        Check(errors, nameof(EmbeddedOptions.MinFreeBytes), options.MinFreeBytes, 1L << 50);
        Check(errors, nameof(EmbeddedOptions.ReserveFileBytes), options.ReserveFileBytes, 1L << 30);
        Check(errors, nameof(EmbeddedOptions.UpgradeBackups), options.UpgradeBackups, 100);
        errors.AddRange(options.Backups.Errors($"{EmbeddedOptions.Section}:{nameof(EmbeddedOptions.Backups)}", options.DataFolder));
        if (CheckFolder(options) is { } error)
            errors.Add(error);
        return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);
    }

    private static void Check(List<string> errors, string key, long? value, long most)
    {
        if (value < 0 || value > most)
            errors.Add($"{EmbeddedOptions.Section}:{key} is {value}; it must be a whole number from 0 to {most}.");
    }

    private static string? CheckFolder(EmbeddedOptions options)
    {
        const string key = EmbeddedOptions.Section + ":" + nameof(EmbeddedOptions.DataFolder);
        if (string.IsNullOrWhiteSpace(options.DataFolder))
            return $"{key} is empty. Name the folder for images and databases.";
        var folder = options.DataFolder;
        try
        {
            var data = new DataFolder(folder);
            folder = data.FullPath;
            data.Create();
            Probe(data);
            return null;
        }
        catch (IOException error) when (DiskErrors.Translate(error, folder) is StoreUnavailableException { Problem: StoreProblem.Full or StoreProblem.ReadOnly or StoreProblem.Busy } unavailable)
        {
            throw unavailable; // the setting is right and the problem may pass, so this is no configuration error
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            return $"{key}: '{folder}' cannot be created or written to ({error.Message}). Choose another folder, or give this user write permission there.";
        }
    }

    // Opening the databases takes some space, and an operator who starts this service on a full disk wants to delete images.
    private static void Probe(DataFolder data)
    {
        try
        {
            Write();
        }
        catch (IOException error) when (DiskErrors.Translate(error, data.FullPath) is StoreUnavailableException { Problem: StoreProblem.Full }
            && new SpaceReserve(data.FullPath).GiveUp())
        {
            Write();
        }

        void Write()
        {
            var probe = data.PathOf($".write-test-{Guid.NewGuid():N}");
            try
            {
                File.WriteAllBytes(probe, new byte[ProbeBytes]);
            }
            finally
            {
                UnixFiles.TryDelete(probe);
            }
        }
    }
}
