using ImageAspire.Core.Errors;
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
}

/// <summary>Fails at startup, not at the first upload, when the data folder cannot be used.</summary>
internal sealed class ValidateEmbeddedOptions : IValidateOptions<EmbeddedOptions>
{
    public ValidateOptionsResult Validate(string? name, EmbeddedOptions options)
    {
        const string key = EmbeddedOptions.Section + ":" + nameof(EmbeddedOptions.DataFolder);
        if (string.IsNullOrWhiteSpace(options.DataFolder))
            return ValidateOptionsResult.Fail($"{key} is empty. Name the folder for images and databases.");
        var folder = options.DataFolder;
        try
        {
            var data = new DataFolder(folder);
            folder = data.FullPath;
            data.Create();
            var probe = data.PathOf($".write-test-{Guid.NewGuid():N}");
            File.WriteAllBytes(probe, [1]);
            File.Delete(probe);
            return ValidateOptionsResult.Success;
        }
        catch (IOException error) when (DiskErrors.Translate(error, folder) is StoreUnavailableException { Problem: StoreProblem.Full or StoreProblem.ReadOnly or StoreProblem.Busy } unavailable)
        {
            throw unavailable; // the setting is right and the problem may pass, so this is no configuration error
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            return ValidateOptionsResult.Fail(
                $"{key}: '{folder}' cannot be created or written to ({error.Message}). Choose another folder, or give this user write permission there.");
        }
    }
}
