using System.Text.Json;
using System.Text.Json.Serialization;

namespace ImageAspire.Vision.Models;

/// <summary>Which models the service uses: the packages that they come from, and the hash of every file.</summary>
/// <param name="Packages">Where they come from.</param>
internal sealed record ModelLock(IReadOnlyList<ModelPackage> Packages)
{
    /// <summary>The lock file of this build.</summary>
    public static ModelLock Current { get; } = Read();

    /// <summary>All files that the service may load.</summary>
    public IEnumerable<ModelFile> Files => Packages.SelectMany(package => package.Files);

    private static ModelLock Read()
    {
        using var file = typeof(ModelLock).Assembly.GetManifestResourceStream("models.lock.json")!;
        return JsonSerializer.Deserialize(file, ModelJson.Default.ModelLock)!;
    }
}

/// <summary>A package of npm or NuGet.</summary>
/// <param name="Source"><c>npm</c> or <c>nuget</c>.</param>
/// <param name="Name">As the registry has it.</param>
/// <param name="Version">Exactly this one.</param>
/// <param name="License">SPDX expression.</param>
/// <param name="Integrity">Of the archive, as npm writes it: <c>sha512-</c> and Base64; null for NuGet, whose client checks packages itself.</param>
/// <param name="Files">What the service takes from it.</param>
internal sealed record ModelPackage(string Source, string Name, string Version, string License, string? Integrity, IReadOnlyList<ModelFile> Files);

/// <summary>A file of the models' folder.</summary>
/// <param name="Name">In the folder.</param>
/// <param name="Sha256">Hexadecimal, lower case.</param>
/// <param name="From">Paths in the package; of a NuGet package <c>assembly.dll!resource</c> for an embedded one. Several are converted to one.</param>
/// <param name="Outputs">Nodes of the TensorFlow graph that become outputs, where it is converted.</param>
/// <param name="Optional">Whether the service works without it.</param>
internal sealed record ModelFile(string Name, string Sha256, IReadOnlyList<string> From, IReadOnlyList<string>? Outputs = null, bool Optional = false);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(ModelLock))]
internal sealed partial class ModelJson : JsonSerializerContext;
