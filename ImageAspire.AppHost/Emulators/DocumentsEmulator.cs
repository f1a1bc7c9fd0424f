using System.Globalization;
using ImageAspire.AppHost.Model;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace ImageAspire.AppHost.Emulators;

/// <summary>MongoDB where this machine has it, else the stand-in of this repository.</summary>
internal static class DocumentsEmulator
{
    private const string Name = "documents";
    private const string Endpoint = "mongodb";
    private const string StandIn = "ImageAspire.Emulators.dll";

    // Its exit code for an option that it does not know.
    private const int InvalidUsage = 2;

    /// <summary>What it is, in words.</summary>
    public static string Description => Mongod is null ? "stand-in for MongoDB" : "MongoDB";

    /// <summary>Adds it for the services. Documents are kept in the data folder; a MongoDB does not read the stand-in's.</summary>
    public static void AddDocumentsEmulator(this IDistributedApplicationBuilder builder, AppHostSettings settings, IEnumerable<IResourceBuilder<ProjectResource>> services)
    {
        var port = LocalChecks.FreePort();
        var number = port.ToString(CultureInfo.InvariantCulture);
        var mongod = Mongod;
        var data = Directory.CreateDirectory(Path.Combine(settings.DataFolder, mongod is null ? "documents-stand-in" : Name)).FullName;
        // One server, not a replica set: the adapters need neither transactions nor change streams.
        var documents = mongod is null
            ? builder.AddExecutable(Name, "dotnet", AppContext.BaseDirectory, "exec", Path.Combine(AppContext.BaseDirectory, StandIn), "--port", number, "--data", data)
            : builder.AddExecutable(Name, mongod, data, "--bind_ip", "127.0.0.1", "--port", number, "--dbpath", data, "--quiet");
        documents
            .WithEndpoint(port: port, targetPort: port, scheme: "mongodb", name: Endpoint, isProxied: false)
            .WithUrlForEndpoint(Endpoint, url => url.DisplayText = Description)
            .WithoutForeignEnvironment()
            .RestartAfterCrash(mongod is null ? InvalidUsage : null)
            .WithIconName("Database");
        builder.Services.AddHealthChecks().Add(new HealthCheckRegistration($"{Name} health", _ => new MongoPingCheck(port), HealthStatus.Unhealthy, tags: null));
        documents.WithHealthCheck($"{Name} health");
        foreach (var service in services)
            service.WithEnvironment($"ConnectionStrings__{AzureConnections.Documents}", $"mongodb://127.0.0.1:{number}/imagesdb").WaitFor(documents);
    }

    private static string? Mongod { get; } = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
        .Select(folder => Path.Combine(folder, OperatingSystem.IsWindows() ? "mongod.exe" : "mongod")).FirstOrDefault(File.Exists);
}
