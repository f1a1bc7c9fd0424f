using System.Globalization;
using ImageAspire.AppHost.Model;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace ImageAspire.AppHost.Emulators;

/// <summary>Blob Storage on Azurite, run by Node.</summary>
internal static class StorageEmulator
{
    private const string Name = "storage";
    private const string Endpoint = "blobs";

    // The account that Azurite has by itself; its well-known key is replaced.
    private const string Account = "devstoreaccount1";

    // Letters and digits, so many that they are also Base64.
    private const int KeyLength = 64;

    /// <summary>Adds it for the services. Blobs are kept in the data folder.</summary>
    public static void AddStorageEmulator(this IDistributedApplicationBuilder builder, AppHostSettings settings, IEnumerable<IResourceBuilder<ProjectResource>> services)
    {
        var port = LocalChecks.FreePort();
        var key = builder.AddParameter("storage-key", new GenerateParameterDefault { MinLength = KeyLength, Special = false }, secret: true)
            .WithDescription("The account key of Azurite; new at each start.");
        var storage = builder.AddExecutable(Name, "node", new Azurite(builder.AppHostDirectory).Folder,
                "start.cjs", "--blobHost", "127.0.0.1", "--blobPort", port.ToString(CultureInfo.InvariantCulture), "--location", Path.Combine(settings.DataFolder, Name),
                "--skipApiVersionCheck", "--disableTelemetry", "--silent") // newer SDKs use newer versions of the API than Azurite knows by name
            .WithEndpoint(port: port, targetPort: port, scheme: "http", name: Endpoint, isProxied: false)
            .WithUrlForEndpoint(Endpoint, url => (url.DisplayText, url.DisplayLocation) = ("Azurite", UrlDisplayLocation.DetailsOnly)) // a browser has no key
            .WithoutForeignEnvironment()
            .WithEnvironment("AZURITE_ACCOUNTS", ReferenceExpression.Create($"{Account}:{key}"))
            .RestartAfterCrash()
            .WithIconName("Storage");
        var account = ReferenceExpression.Create(
            $"DefaultEndpointsProtocol=http;AccountName={Account};AccountKey={key};BlobEndpoint=http://127.0.0.1:{port.ToString(CultureInfo.InvariantCulture)}/{Account};");
        builder.Services.AddHealthChecks().Add(new HealthCheckRegistration($"{Name} health", _ => new BlobContainersCheck(account), HealthStatus.Unhealthy, tags: null));
        storage.WithHealthCheck($"{Name} health");
        foreach (var service in services)
        {
            foreach (var container in AzureTopology.Containers)
                service.WithEnvironment($"ConnectionStrings__{container}", ReferenceExpression.Create($"{account}ContainerName={container}"));
            service.WaitFor(storage);
        }
    }
}
