using System.ComponentModel;
using System.Diagnostics;
using System.Reflection;

namespace ImageAspire.AppHost.Embedded;

/// <summary>The local vision service of a run, or why there is none.</summary>
/// <param name="Service">Its process; null for none.</param>
/// <param name="WorkerSettings">How a Worker reaches it; empty for none.</param>
/// <param name="Status">One line for people.</param>
internal sealed record Vision(Service? Service, IReadOnlyDictionary<string, string> WorkerSettings, string Status)
{
    private const int LeastNode = 20;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>Looks for Node and the service's packages. What is missing is said, with the command that helps.</summary>
    public static async Task<Vision> FindAsync(AppHostOptions options, ServiceTelemetry telemetry, FreePorts ports, CancellationToken cancellationToken)
    {
        if (options.NoVision)
            return None("off (--no-vision); images are described by measured facts");
        var folder = Folder();
        var script = Path.Combine(folder, "src", "server.js");
        if (!File.Exists(script))
            return None($"off: it is not at '{folder}'; images are described by measured facts");
        var version = await NodeVersionAsync(cancellationToken);
        if (version is not >= LeastNode)
        {
            return None((version is null ? "off: Node was not found." : $"off: Node {version} is too old.")
                + $" Install Node {LeastNode} or newer, then: dotnet build");
        }

        return File.Exists(Path.Combine(folder, "node_modules", "@vladmandic", "human", "models", "centernet.json"))
            ? Start(script, telemetry, ports)
            : None($"off: its packages are not installed. Run: node \"{Path.Combine(folder, "scripts", "install.js")}\"");
    }

    private static Vision Start(string script, ServiceTelemetry telemetry, FreePorts ports)
    {
        var (port, key) = (ports.Next(), Secrets.Random());
        var address = new Uri($"http://127.0.0.1:{port}");
        var service = new Service("vision", script, new Dictionary<string, string>(telemetry.Of("vision", "vision"))
        {
            ["VISION_HOST"] = "127.0.0.1",
            ["VISION_PORT"] = $"{port}",
            ["VISION_KEY"] = key,
            ["MALLOC_ARENA_MAX"] = "2", // glibc's default keeps a third more memory for the same work
        }, new Uri(address, "/health"), Program: "node", Endpoints: address);
        var settings = new Dictionary<string, string> { ["Vision__Endpoint"] = $"http://127.0.0.1:{port}", ["Vision__Key"] = key };
        return new Vision(service, settings, "sees objects, people and text (docs/vision.md)");
    }

    private static Vision None(string why) => new(null, new Dictionary<string, string>(), why);

    // Written down by the build; beside this program when it was published and moved.
    private static string Folder()
    {
        var built = typeof(Vision).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().FirstOrDefault(one => one.Key == "ImageAspire.Vision")?.Value;
        return Directory.Exists(built) ? built : Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "..", "ImageAspire.Vision"));
    }

    /// <summary>The first number of <c>node --version</c>; null when there is no Node.</summary>
    private static async Task<int?> NodeVersionAsync(CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Patience);
        try
        {
            using var node = Process.Start(new ProcessStartInfo("node", "--version") { RedirectStandardOutput = true, UseShellExecute = false })!;
            var text = await node.StandardOutput.ReadToEndAsync(limit.Token);
            return int.TryParse(text.TrimStart('v').Split('.')[0], out var version) ? version : null;
        }
        catch (Exception error) when (error is Win32Exception || (error is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return null;
        }
    }
}
