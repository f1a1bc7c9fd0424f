namespace ImageAspire.AppHost.Model;

/// <summary>The vision service of the Workers.</summary>
/// <param name="Connect">Configures a Worker with address and key.</param>
/// <param name="Status">One line for the console.</param>
internal sealed record Vision(Action<IResourceBuilder<ProjectResource>> Connect, string Status);

/// <summary>Adds vision: the service of this repository, or Azure AI Vision.</summary>
internal static class VisionExtensions
{
    private const string ModelsKey = "Vision:Models";

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

        if (builder.ModelsFolder() is not { } folder || VisionModelCheck.Problem(folder, builder.ModelLock()) is not { } problem)
            return builder.AddLocalVision();
        Console.Out.WriteLine($"Vision is off: {problem} To fetch its models: dotnet build ImageAspire.Vision -t:InstallModels. Images are described by measured facts.");
        return null;
    }

    /// <summary>Connects a Worker to the vision service.</summary>
    public static void WithVision(this IResourceBuilder<ProjectResource> worker, Vision vision) => vision.Connect(worker);

    private static Vision AddLocalVision(this IDistributedApplicationBuilder builder)
    {
        var key = builder.AddParameter("vision-key", new GenerateParameterDefault { MinLength = 32, Special = false }, secret: true)
            .WithDescription("The key of the local vision service; new at each start.");
        var service = builder.AddService<Projects.ImageAspire_Vision>("vision")
            .WithHttpEndpoint(name: "http", isProxied: false, port: LocalChecks.FreePort())
            .WithServiceHealth()
            .WithoutForeignEnvironment()
            .WithEnvironment("Vision__Key", key)
            .WithUrlForEndpoint("http", url => url.DisplayLocation = UrlDisplayLocation.DetailsOnly)
            .WithIconName("Eye");
        return new Vision(
            worker => worker.WithEnvironment("Vision__Endpoint", service.GetEndpoint("http")).WithEnvironment("Vision__Key", key),
            "sees objects, people and text (docs/vision.md)");
    }

    // Beside the program, where the build puts them; null where they cannot be known, and the service looks for itself.
    private static string? ModelsFolder(this IDistributedApplicationBuilder builder) => builder.Configuration[ModelsKey] is { Length: > 0 } configured ? configured
        : BuiltPrograms.OutputFolder() is { } output ? Path.Combine(builder.VisionProject(), output, "models") : null;

    private static string ModelLock(this IDistributedApplicationBuilder builder) => Path.Combine(builder.VisionProject(), "Models", "models.lock.json");

    private static string VisionProject(this IDistributedApplicationBuilder builder) => Path.Combine(builder.AppHostDirectory, "..", "ImageAspire.Vision");
}
