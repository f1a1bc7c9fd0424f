using System.ComponentModel;
using System.Diagnostics;

namespace ImageAspire.Tests.Requirements;

/// <summary>A folder of the repository with installed packages for Node.</summary>
/// <param name="path">The folder, below the repository's.</param>
/// <param name="entry">A file below <c>node_modules</c> that is there when they are installed.</param>
/// <param name="install">The command that installs them.</param>
internal sealed class NodePackages(string path, string entry, string install)
{
    private const int OldestVersion = 20;

    // Once for all tests: each look starts Node.
    private static readonly Lazy<string?> WithoutNode = new(FindNode);

    public static NodePackages OpenApiClient { get; } = OfTests("OpenApiClient", "openapi-typescript/bin/cli.js");

    public static NodePackages TusClient { get; } = OfTests("TusClient", "tus-js-client/package.json");

    public static NodePackages ServiceBusClient { get; } = OfTests("ServiceBusClient", "@azure/service-bus/package.json");

    public static NodePackages Azurite { get; } = Of("ImageAspire.AppHost/Azurite", "azurite/dist/src/blob/main.js");

    public string Folder => Path.Combine(Repository.Root, path);

    /// <summary>Why they cannot be used; null when they can.</summary>
    public string? Missing => WithoutNode.Value ?? (File.Exists(Path.Combine(Folder, "node_modules", entry)) ? null : $"The packages of {path} are not installed: {install}");

    /// <summary>Skips the test when they cannot be used.</summary>
    public void Require() => Assert.SkipWhen(Missing is not null, Missing ?? "");

    private static NodePackages OfTests(string folder, string entry) => Of($"ImageAspire.Tests/{folder}", entry);

    private static NodePackages Of(string path, string entry) => new(path, entry, $"cd {path}; npm ci");

    private static string? FindNode()
    {
        try
        {
            using var node = Process.Start(new ProcessStartInfo("node", "--version") { RedirectStandardOutput = true })!;
            var version = node.StandardOutput.ReadToEnd().Trim();
            return int.TryParse(version.TrimStart('v').Split('.')[0], out var major) && major >= OldestVersion
                ? null : $"Node {version} is too old: {OldestVersion} or newer is needed.";
        }
        catch (Win32Exception)
        {
            return $"No Node here. Install Node {OldestVersion} or newer and build again.";
        }
    }
}
