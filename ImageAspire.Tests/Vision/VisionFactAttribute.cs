using System.ComponentModel;
using System.Diagnostics;

namespace ImageAspire.Tests.Vision;

/// <summary>A test that needs Node and the installed packages of ImageAspire.Vision.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class VisionFactAttribute : FactAttribute
{
    // In this order: what is missing is looked for in the folder.
    private static readonly string Found = FindFolder();
    private static readonly string? Missing = WhatIsMissing();

    public VisionFactAttribute() => Skip = Missing;

    /// <summary>The folder of the service, in the source tree.</summary>
    public static string Folder => Found;

    private static string FindFolder()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "ImageAspire.sln")))
                return Path.Combine(folder.FullName, "ImageAspire.Vision");
        }

        throw new DirectoryNotFoundException("ImageAspire.sln was not found above the tests.");
    }

    private static string? WhatIsMissing()
    {
        try
        {
            using var node = Process.Start(new ProcessStartInfo("node", "--version") { RedirectStandardOutput = true })!;
            var version = node.StandardOutput.ReadToEnd().Trim();
            if (!int.TryParse(version.TrimStart('v').Split('.')[0], out var major) || major < 20)
                return $"Node {version} is too old for the vision service: 20 or newer is needed.";
        }
        catch (Win32Exception)
        {
            return "No Node here, so no vision service. Install Node 20 or newer.";
        }

        return File.Exists(Path.Combine(Folder, "node_modules", "@vladmandic", "human", "models", "centernet.json")) ? null
            : "The packages of the vision service are not installed: node ImageAspire.Vision/scripts/install.js";
    }
}
