using System.Globalization;
using Microsoft.Extensions.Configuration;

namespace ImageAspire.AppHost.Azure;

/// <summary>What can be chosen on the command line, by environment variables or in appsettings.json.</summary>
/// <param name="Embedded"><c>Backend=Embedded</c>: Api and Worker on files and SQLite; no container is started. Only to run, not to deploy.</param>
/// <param name="DataFolder"><c>DataFolder</c>: where the embedded backend keeps everything; <c>data</c> by default. Given relative it is beside the projects, because every way to start an AppHost has another current folder. Absolute here.</param>
/// <param name="Persistent"><c>ImageAspire:Persistent</c>: containers and volumes outlive the AppHost. Tests say false.</param>
/// <param name="Vision"><c>ImageAspire:Vision</c>: <c>built-in</c> (the default when run), <c>local</c> (the vision service of this repository; needs Node 20), or <c>azure</c> (the default when deployed; when run, the connection string <c>vision</c> says where).</param>
/// <param name="Workers"><c>ImageAspire:Workers</c>: worker processes when run; 1–32.</param>
/// <param name="MinWorkers"><c>ImageAspire:Scale:MinWorkers</c>: replicas of the Worker that stay when there is nothing to do.</param>
/// <param name="MaxWorkers"><c>ImageAspire:Scale:MaxWorkers</c>: most replicas of the Worker.</param>
/// <param name="MinApis"><c>ImageAspire:Scale:MinApis</c>: replicas of the Api that stay; 0 saves money and costs a cold start.</param>
/// <param name="MaxApis"><c>ImageAspire:Scale:MaxApis</c>: most replicas of the Api.</param>
/// <param name="IsRun">Run here, as opposed to written down for a deployment.</param>
internal sealed record AppHostSettings(
    bool Embedded, string DataFolder, bool Persistent, string Vision, int Workers, int MinWorkers, int MaxWorkers, int MinApis, int MaxApis, bool IsRun)
{
    /// <summary>Whether images are shown to Azure AI Vision.</summary>
    public bool UsesAzureVision => Vision == "azure";

    /// <summary>Whether images are shown to the vision service that runs beside us.</summary>
    public bool UsesLocalVision => Vision == "local";

    /// <summary>Reads and checks them; every error at once, with its key.</summary>
    /// <exception cref="DistributedApplicationException">Some are wrong.</exception>
    public static AppHostSettings Read(IConfiguration configuration, DistributedApplicationExecutionContext context)
    {
        var errors = new List<string>();
        var backend = OneOf(configuration, errors, "Backend", "Azure", "Azure", "Embedded");
        if (backend == "Embedded" && context.IsPublishMode)
            errors.Add("Backend is 'Embedded', which keeps everything in a folder of one machine and cannot be deployed. Leave it out.");
        var settings = new AppHostSettings(
            backend == "Embedded",
            Path.GetFullPath(configuration["DataFolder"] is { Length: > 0 } folder ? folder : "data", Path.Combine(configuration["AppHost:Directory"]!, "..")),
            OneOf(configuration, errors, "ImageAspire:Persistent", "true", "true", "false") == "true",
            OneOf(configuration, errors, "ImageAspire:Vision", context.IsPublishMode ? "azure" : "built-in", "azure", "local", "built-in"),
            Number(configuration, errors, "ImageAspire:Workers", 1, 1, 32),
            Number(configuration, errors, "ImageAspire:Scale:MinWorkers", 0, 0, 300),
            Number(configuration, errors, "ImageAspire:Scale:MaxWorkers", 10, 1, 300),
            Number(configuration, errors, "ImageAspire:Scale:MinApis", 1, 0, 300),
            Number(configuration, errors, "ImageAspire:Scale:MaxApis", 5, 1, 300),
            context.IsRunMode);
        if (settings.Embedded && context.IsRunMode && settings.Vision != "built-in")
            errors.Add($"ImageAspire:Vision is '{settings.Vision}', which Backend=Embedded does not use. Leave it out; Vision:Endpoint and Vision:Key name a vision service that runs already.");
        if (settings.UsesLocalVision && context.IsPublishMode)
            errors.Add("ImageAspire:Vision is 'local', which is for running here. Deploy with 'azure', or with 'built-in'.");
        if (settings.MinWorkers > settings.MaxWorkers)
            errors.Add("ImageAspire:Scale:MinWorkers is larger than ImageAspire:Scale:MaxWorkers.");
        if (settings.MinApis > settings.MaxApis)
            errors.Add("ImageAspire:Scale:MinApis is larger than ImageAspire:Scale:MaxApis.");
        return errors.Count == 0 ? settings : throw new DistributedApplicationException(string.Join(Environment.NewLine, errors));
    }

    private static string OneOf(IConfiguration configuration, List<string> errors, string key, string usual, params string[] known)
    {
        if (configuration[key] is not { Length: > 0 } text)
            return usual;
        if (Array.Find(known, one => one.Equals(text, StringComparison.OrdinalIgnoreCase)) is { } found)
            return found;
        errors.Add($"{key} is '{text}'; it must be one of {string.Join(", ", known)}.");
        return usual;
    }

    private static int Number(IConfiguration configuration, List<string> errors, string key, int usual, int min, int max)
    {
        if (configuration[key] is not { Length: > 0 } text)
            return usual;
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= min && number <= max)
            return number;
        errors.Add($"{key} is '{text}'; it must be a whole number from {min} to {max}.");
        return usual;
    }
}
