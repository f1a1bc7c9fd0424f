using ImageAspire.Core.Errors;
using ImageAspire.Embedded.Blobs;
using Microsoft.Extensions.Options;

namespace ImageAspire.Embedded;

/// <summary>Settings of the embedded backend (configuration section <c>Embedded</c>).</summary>
public sealed class EmbeddedOptions
{
    /// <summary>Name of the configuration section.</summary>
    public const string Section = "Embedded";

    /// <summary>Folder of everything that is kept: databases and blobs. Several processes may share it.</summary>
    public string DataFolder { get; set; } = "data";

    /// <summary>Absolute path inside the data folder.</summary>
    public string PathOf(string name) => Path.GetFullPath(Path.Combine(DataFolder, name));

    /// <summary>Creates the data folder for this user alone: photos and databases are nobody else's. One that exists stays as it is.</summary>
    internal void CreateDataFolder()
    {
        if (OperatingSystem.IsWindows())
            Directory.CreateDirectory(PathOf("")); // a profile's folders are private by inheritance
        else
            Directory.CreateDirectory(PathOf(""), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    /// <summary>The path of a database that holds secrets, or hashes of them; the file is made, if need be, for this user alone.</summary>
    internal string PrivateFile(string name)
    {
        var path = PathOf(name);
        if (OperatingSystem.IsWindows())
            return path;
        CreateDataFolder();
        // SQLite gives its other files the rights of this one.
        using var made = new FileStream(path, new FileStreamOptions
        {
            Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite, Share = FileShare.ReadWrite | FileShare.Delete,
            UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        });
        return path;
    }
}

/// <summary>Finds out at the start, not at the first upload, that the data folder cannot be used.</summary>
internal sealed class ValidateEmbeddedOptions : IValidateOptions<EmbeddedOptions>
{
    public ValidateOptionsResult Validate(string? name, EmbeddedOptions options)
    {
        const string key = EmbeddedOptions.Section + ":" + nameof(EmbeddedOptions.DataFolder);
        if (string.IsNullOrWhiteSpace(options.DataFolder))
            return ValidateOptionsResult.Fail($"{key} is empty. Name the folder in which images and databases are kept.");
        var folder = options.DataFolder;
        try
        {
            folder = options.PathOf("");
            options.CreateDataFolder();
            var probe = options.PathOf($".write-test-{Guid.NewGuid():N}");
            File.WriteAllBytes(probe, [1]);
            File.Delete(probe);
            return ValidateOptionsResult.Success;
        }
        catch (IOException error) when (DiskErrors.Translate(error, folder) is StoreUnavailableException { Problem: StoreProblem.Full or StoreProblem.ReadOnly or StoreProblem.Busy } away)
        {
            throw away; // the setting is right, and what is wrong may pass: this is no reason to give up for good
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            return ValidateOptionsResult.Fail(
                $"{key}: '{folder}' cannot be created or written to ({error.Message}). Choose another folder, or give this user the right to write there.");
        }
    }
}
