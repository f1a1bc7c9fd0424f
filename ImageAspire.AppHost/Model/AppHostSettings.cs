namespace ImageAspire.AppHost.Model;

/// <summary>The adapters of the services.</summary>
internal enum Backend
{
    /// <summary>Files and SQLite in one folder.</summary>
    Embedded,

    /// <summary>MongoDB, Blob Storage, Service Bus.</summary>
    Azure,
}

/// <summary>The vision service.</summary>
internal enum VisionSource
{
    /// <summary>The vision service of this repository.</summary>
    Local,

    /// <summary>Azure AI Vision.</summary>
    Azure,

    /// <summary>None: images are described by measured facts.</summary>
    Off,
}

/// <summary>The settings of the AppHost: by options (<see cref="CommandLine"/>), by environment variables or in appsettings.json.</summary>
/// <param name="Backend">Adapters.</param>
/// <param name="DataFolder">Absolute path of the folder with the API key, and with the stores of the embedded backend or of emulators.</param>
/// <param name="Workers">Worker processes of a local run, 0–32.</param>
/// <param name="ApiPort">Port of gallery and API in a local run.</param>
/// <param name="DashboardPort">Port of Aspire's dashboard.</param>
/// <param name="ApiKey">The key with every scope; null to generate one.</param>
/// <param name="Vision">The vision service.</param>
/// <param name="IsRun">Whether this is a local run; otherwise Aspire publishes a deployment.</param>
internal sealed record AppHostSettings(
    Backend Backend, string DataFolder, int Workers, int ApiPort, int DashboardPort, string? ApiKey, VisionSource Vision, bool IsRun)
{
    public const string DataKey = "ImageAspire:Data";
    public const string WorkersKey = "ImageAspire:Workers";
    public const string ApiPortKey = "ImageAspire:ApiPort";
    public const string DashboardPortKey = "ImageAspire:DashboardPort";
    public const string ApiKeyKey = "ImageAspire:ApiKey";
    public const string ApiKeyFileKey = "ImageAspire:ApiKeyFile";
    public const string BackendKey = "ImageAspire:Backend";
    public const string VisionKey = "ImageAspire:Vision";

    private const int MaxWorkers = 32;

    /// <summary>Names of the workers: one is <c>worker</c>, several are <c>worker-1</c>, <c>worker-2</c>, … A deployment has one, which is scaled.</summary>
    public IEnumerable<string> WorkerNames => !IsRun || Workers == 1 ? ["worker"] : Enumerable.Range(1, Workers).Select(number => $"worker-{number}");

    /// <summary>Reads and validates all settings. Writes every error, with its key, to standard error, and then returns false.</summary>
    public static bool TryRead(IDistributedApplicationBuilder builder, out AppHostSettings settings)
    {
        var reader = new SettingsReader(builder.Configuration);
        settings = Read(reader, builder.AppHostDirectory, builder.ExecutionContext.IsRunMode);
        foreach (var error in reader.Errors)
            Console.Error.WriteLine(error);
        return reader.Errors.Count == 0;
    }

    /// <summary>Reads and validates all settings; the reader has the errors.</summary>
    /// <param name="reader">The configuration; collects the errors.</param>
    /// <param name="folder">The AppHost's project folder.</param>
    /// <param name="isRun">Whether this is a local run; otherwise Aspire publishes a deployment.</param>
    public static AppHostSettings Read(SettingsReader reader, string folder, bool isRun)
    {
        var settings = new AppHostSettings(
            reader.OneOf(BackendKey, isRun ? Backend.Embedded : Backend.Azure),
            reader.Folder(DataKey, Path.Combine(folder, "..", "data")),
            reader.Number(WorkersKey, 1, 0, MaxWorkers),
            reader.Number(ApiPortKey, 5080, 1, 65535),
            reader.Number(DashboardPortKey, PortOf(reader.Configuration["ASPNETCORE_URLS"]) ?? 18888, 1, 65535),
            reader.ApiKey(ApiKeyKey, ApiKeyFileKey),
            reader.OneOf(VisionKey, isRun ? VisionSource.Local : VisionSource.Azure),
            isRun);
        if (isRun)
            LocalChecks.Run(settings, reader.Configuration, reader.Errors);
        else if (settings.Backend == Backend.Embedded)
            reader.Errors.Add($"{BackendKey} is 'Embedded', which stores everything in a folder of one machine and cannot be deployed. Leave it out.");
        else if (settings.Vision == VisionSource.Local)
            reader.Errors.Add($"{VisionKey} is 'local', which is for local runs. Deploy with 'azure' or 'off'.");
        if (settings.Backend == Backend.Azure)
            AzureBackend.Check(reader, settings, folder);
        return settings;
    }

    // The first address of a list, as the launch profile and tests set it.
    private static int? PortOf(string? addresses) =>
        Uri.TryCreate(addresses?.Split(';')[0], UriKind.Absolute, out var address) && address.Port > 0 ? address.Port : null;
}
