using ImageAspire.AppHost.Model;

namespace ImageAspire.AppHost.Azure;

/// <summary>What can be chosen for the emulators and for a deployment, beside <see cref="AppHostSettings"/>.</summary>
/// <param name="Persistent"><c>ImageAspire:Persistent</c>: the emulators and their volumes outlive the AppHost.</param>
/// <param name="MinWorkers"><c>ImageAspire:Scale:MinWorkers</c>: replicas of the Worker that stay when there is nothing to do.</param>
/// <param name="MaxWorkers"><c>ImageAspire:Scale:MaxWorkers</c>: most replicas of the Worker.</param>
/// <param name="MinApis"><c>ImageAspire:Scale:MinApis</c>: replicas of the Api that stay; 0 saves money and costs a cold start.</param>
/// <param name="MaxApis"><c>ImageAspire:Scale:MaxApis</c>: most replicas of the Api.</param>
internal sealed record AzureSettings(bool Persistent, int MinWorkers, int MaxWorkers, int MinApis, int MaxApis)
{
    private const int MostReplicas = 300;
    private const string Scale = "ImageAspire:Scale";

    /// <summary>Reads and checks them; what is wrong is added to the reader's errors.</summary>
    public static AzureSettings Read(SettingsReader reader)
    {
        var settings = new AzureSettings(
            reader.Flag("ImageAspire:Persistent", true),
            reader.Number($"{Scale}:MinWorkers", 0, 0, MostReplicas),
            reader.Number($"{Scale}:MaxWorkers", 10, 1, MostReplicas),
            reader.Number($"{Scale}:MinApis", 1, 0, MostReplicas),
            reader.Number($"{Scale}:MaxApis", 5, 1, MostReplicas));
        if (settings.MinWorkers > settings.MaxWorkers)
            reader.Errors.Add($"{Scale}:MinWorkers is larger than {Scale}:MaxWorkers.");
        if (settings.MinApis > settings.MaxApis)
            reader.Errors.Add($"{Scale}:MinApis is larger than {Scale}:MaxApis.");
        return settings;
    }
}
