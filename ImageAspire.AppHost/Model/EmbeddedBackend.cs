namespace ImageAspire.AppHost.Model;

/// <summary>Everything in one folder, which all processes share.</summary>
internal static class EmbeddedBackend
{
    /// <summary>Gives the services the folder.</summary>
    public static void AddEmbeddedBackend(this IDistributedApplicationBuilder builder, AppHostSettings settings, IEnumerable<IResourceBuilder<ProjectResource>> services)
    {
        foreach (var service in services)
            service.WithEnvironment("Backend", nameof(Backend.Embedded)).WithEnvironment("Embedded__DataFolder", settings.DataFolder);
    }
}
