using ImageAspire.AppHost.Model;

namespace ImageAspire.AppHost.Azure;

/// <summary>Settings of the emulators and of a deployment, besides <see cref="AppHostSettings"/>.</summary>
/// <param name="Persistent"><c>ImageAspire:Persistent</c>: the emulators and their volumes outlive the AppHost.</param>
/// <param name="MinWorkers"><c>ImageAspire:Scale:MinWorkers</c>: minimum of the Worker's replicas, when it is idle.</param>
/// <param name="MaxWorkers"><c>ImageAspire:Scale:MaxWorkers</c>: maximum of the Worker's replicas.</param>
/// <param name="MinApis"><c>ImageAspire:Scale:MinApis</c>: minimum of the Api's replicas; 0 saves money, and the first request waits for a cold start.</param>
/// <param name="MaxApis"><c>ImageAspire:Scale:MaxApis</c>: maximum of the Api's replicas.</param>
internal sealed record AzureSettings(bool Persistent, int MinWorkers, int MaxWorkers, int MinApis, int MaxApis)
{
    private const int MaxReplicas = 300;
    private const string Scale = "ImageAspire:Scale";

    /// <summary>Reads and validates them; the reader collects the errors.</summary>
    public static AzureSettings Read(SettingsReader reader)
    {
        var settings = new AzureSettings(
            reader.Flag("ImageAspire:Persistent", true),
            reader.Number($"{Scale}:MinWorkers", 0, 0, MaxReplicas),
            reader.Number($"{Scale}:MaxWorkers", 10, 1, MaxReplicas),
            reader.Number($"{Scale}:MinApis", 1, 0, MaxReplicas),
            reader.Number($"{Scale}:MaxApis", 5, 1, MaxReplicas));
        if (settings.MinWorkers > settings.MaxWorkers)
            reader.Errors.Add($"{Scale}:MinWorkers is larger than {Scale}:MaxWorkers.");
        if (settings.MinApis > settings.MaxApis)
            reader.Errors.Add($"{Scale}:MinApis is larger than {Scale}:MaxApis.");
        return settings;
    }
}
