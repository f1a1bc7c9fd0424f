namespace ImageAspire.AppHost.Model;

/// <summary>The embedded backend: one folder, shared by all processes.</summary>
internal static class EmbeddedBackend
{
    /// <summary>Configures the services with the data folder.</summary>
    public static void AddEmbeddedBackend(this IDistributedApplicationBuilder builder, AppHostSettings settings, IEnumerable<IResourceBuilder<ProjectResource>> services)
    {
        foreach (var service in services)
            service.WithEnvironment("Backend", nameof(Backend.Embedded)).WithEnvironment("Embedded__DataFolder", settings.DataFolder);
    }
}
