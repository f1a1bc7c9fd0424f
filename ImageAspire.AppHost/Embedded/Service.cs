using System.Reflection;

namespace ImageAspire.AppHost.Embedded;

/// <summary>A process that AppHost keeps running.</summary>
/// <param name="Name">How its lines are marked: <c>api</c>, <c>worker-1</c>.</param>
/// <param name="Assembly">Full path of its assembly, or of what <paramref name="Program"/> runs.</param>
/// <param name="Environment">What it is told.</param>
/// <param name="HealthUrl">Answers 200 when it is ready; null when nobody asks.</param>
/// <param name="Program">What runs it, on the path; null for the dotnet that runs this program.</param>
/// <param name="Endpoints">Where it answers.</param>
internal sealed record Service(string Name, string Assembly, IReadOnlyDictionary<string, string> Environment,
    Uri? HealthUrl = null, string? Program = null, params IReadOnlyList<Uri> Endpoints)
{
    /// <summary>Whether its exit code tells that its settings are wrong: our own services do that.</summary>
    public bool ChecksSettings => Program is null;

    /// <summary>What it is, in a word of Aspire's.</summary>
    public string Kind => Program is null ? "Project" : "Node";

    public static Service Api(AppHostOptions options, Secrets secrets, ServiceTelemetry telemetry)
    {
        var address = new Uri($"http://localhost:{options.ApiPort}");
        // Without our dashboard the environment may name another one.
        Dictionary<string, string> links = options.NoDashboard ? [] : new() { ["Api__TraceUrl"] = $"http://localhost:{options.DashboardPort}/traces/detail/{{traceId}}" };
        return new("api", PathOf("ImageAspire.Api"), new Dictionary<string, string>([.. telemetry.Of("api", "api"), .. links])
        {
            ["ASPNETCORE_URLS"] = $"http://localhost:{options.ApiPort}",
            ["Access__Keys__0__Name"] = "apphost",
            ["Access__Keys__0__Sha256"] = secrets.ApiKeyHash,
            ["Access__Keys__0__Scopes"] = "read,write,operate",
            ["Access__Keys__0__RequestsPerSecond"] = "0",
            ["Access__SignInTokenSha256"] = secrets.SignInTokenHash,
            ["Embedded__DataFolder"] = options.DataFolder,
        }, new Uri(address, "/health"), Endpoints: address);
    }

    public static Service Worker(AppHostOptions options, int number, Vision vision, ServiceTelemetry telemetry, FreePorts ports)
    {
        var name = $"worker-{number}";
        var settings = new Dictionary<string, string>([.. telemetry.Of("worker", name), .. vision.WorkerSettings])
        {
            ["Embedded__DataFolder"] = options.DataFolder,
        };
        if (options.NoDashboard)
            return new(name, PathOf("ImageAspire.Worker"), settings); // nobody asks how it is, so it need not tell
        var health = ports.Next();
        settings["Health__Port"] = $"{health}";
        return new(name, PathOf("ImageAspire.Worker"), settings, new Uri($"http://localhost:{health}/health"));
    }

    // Beside this program when all three were published; else where the build wrote down that they are.
    private static string PathOf(string name)
    {
        var sibling = Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "..", name, name + ".dll"));
        var built = typeof(Service).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().FirstOrDefault(one => one.Key == name)?.Value;
        return File.Exists(sibling) ? sibling : File.Exists(built) ? built : throw new FileNotFoundException(
            $"{name} is neither published nor built. Run 'dotnet build', or 'dotnet publish' it into its folder; looked for '{sibling}' and '{built}'.");
    }
}
