using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;

namespace ImageAspire.AppHost.Model;

/// <summary>The vision service of the Workers.</summary>
/// <param name="Connect">Configures a Worker with address and key.</param>
/// <param name="Status">One line for the console.</param>
internal sealed record Vision(Action<IResourceBuilder<ProjectResource>> Connect, string Status);

/// <summary>Adds vision: the service of this repository, or Azure AI Vision.</summary>
internal static class VisionExtensions
{
    private const int MinNodeVersion = 20;
    private static readonly TimeSpan NodeTimeout = TimeSpan.FromSeconds(5);

    /// <summary>Adds what the settings select; null when it is off, or when the service cannot run here: then a message names the remedy.</summary>
    public static Vision? AddVision(this IDistributedApplicationBuilder builder, AppHostSettings settings)
    {
        if (settings.Vision == VisionSource.Off)
            return null;
        if (settings.Vision == VisionSource.Azure)
        {
            var connection = builder.AddAzureVision(settings);
            return new Vision(worker => worker.WithReference(connection), "Azure AI Vision");
        }

        var folder = Path.GetFullPath(Path.Combine(builder.AppHostDirectory, "..", "ImageAspire.Vision"));
        if (Obstacle(folder) is not { } obstacle)
            return builder.AddLocalVision(folder);
        Console.Out.WriteLine($"Vision is off: {obstacle} Images are described by measured facts.");
        return null;
    }

    /// <summary>Connects a Worker to the vision service.</summary>
    public static void WithVision(this IResourceBuilder<ProjectResource> worker, Vision vision) => vision.Connect(worker);

    private static Vision AddLocalVision(this IDistributedApplicationBuilder builder, string folder)
    {
        var key = builder.AddParameter("vision-key", new GenerateParameterDefault { MinLength = 32, Special = false }, secret: true)
            .WithDescription("The key of the local vision service; new at each start.");
        var service = builder.AddExecutable("vision", "node", folder, "src/server.js")
            .WithHttpEndpoint(env: "VISION_PORT", isProxied: false, port: LocalChecks.FreePort())
            .WithHttpHealthCheck("/health")
            .WithEnvironment("VISION_HOST", "127.0.0.1")
            .WithEnvironment("VISION_KEY", key)
            .WithEnvironment("MALLOC_ARENA_MAX", "2") // glibc's default uses a third more memory for the same work
            .WithOtlpExporter(OtlpProtocol.HttpProtobuf)
            .WithUrlForEndpoint("http", url => url.DisplayLocation = UrlDisplayLocation.DetailsOnly)
            .WithIconName("Eye")
            .WithoutTelemetryUnlessDashboard()
            .RestartAfterCrash();
        return new Vision(
            worker => worker.WithEnvironment("Vision__Endpoint", service.GetEndpoint("http")).WithEnvironment("Vision__Key", key),
            "sees objects, people and text (docs/vision.md)");
    }

    /// <summary>Why the service cannot run here; null when it can.</summary>
    private static string? Obstacle(string folder)
    {
        if (NodeVersion() is not { } version)
            return $"Node was not found. Install Node {MinNodeVersion} or newer, then: dotnet build.";
        if (version < MinNodeVersion)
            return $"Node {version} is too old. Install Node {MinNodeVersion} or newer, then: dotnet build.";
        return File.Exists(Path.Combine(folder, "node_modules", "@vladmandic", "human", "models", "centernet.json"))
            ? null : $"its packages are not installed. Run: node \"{Path.Combine(folder, "scripts", "install.js")}\".";
    }

    // The major version; null when there is no Node, or when it does not answer.
    private static int? NodeVersion()
    {
        try
        {
            using var node = Process.Start(new ProcessStartInfo("node", "--version") { RedirectStandardOutput = true, UseShellExecute = false })!;
            if (!node.WaitForExit(NodeTimeout))
                node.Kill();
            return int.TryParse(node.StandardOutput.ReadToEnd().TrimStart('v').Split('.')[0], CultureInfo.InvariantCulture, out var version) ? version : null;
        }
        catch (Win32Exception)
        {
            return null;
        }
    }
}
