using System.Runtime.InteropServices;

namespace ImageAspire.Benchmarks.Harness;

/// <summary>A project published in Release, ready to run, as a deployment would have it.</summary>
/// <param name="Executable">Path of the host executable.</param>
/// <param name="ReadyToRun">Whether its code was compiled ahead of time.</param>
internal sealed record Published(string Executable, bool ReadyToRun)
{
    /// <summary>Publishes a project; compiled ahead of time when the package feed has the compiler, plain when not.</summary>
    public static async Task<Published> PublishAsync(string project, string folder, CancellationToken cancellationToken)
    {
        string[] arguments =
        [
            "publish", project, "-c", "Release", "-o", folder, "--nologo", "-v", "quiet", "-nodeReuse:false", "-p:DebugType=none",
            // Elsewhere than in obj/ and bin/, which belong to whoever is working in the repository.
            "--artifacts-path", folder + ".artifacts",
            "-r", RuntimeInformation.RuntimeIdentifier, "--self-contained", "false",
        ];
        var parent = Path.GetDirectoryName(Path.GetFullPath(project))!;
        var name = Path.GetFileNameWithoutExtension(project);
        await Console.Error.WriteLineAsync($"publishing {name} …");
        try
        {
            await ChildProcess.RunAsync("dotnet", [.. arguments, "-p:PublishReadyToRun=true"], parent, cancellationToken);
            return new Published(ExecutableIn(folder, name), true);
        }
        catch (InvalidOperationException error)
        {
            await Console.Error.WriteLineAsync($"ReadyToRun is not to be had here, publishing without: {error.Message}");
            await ChildProcess.RunAsync("dotnet", arguments, parent, cancellationToken);
            return new Published(ExecutableIn(folder, name), false);
        }
    }

    /// <summary>A project of this repository: from a folder given by hand, or published now.</summary>
    /// <param name="name">For example <c>ImageAspire.Api</c>.</param>
    /// <param name="given">A folder with a published version; null to publish.</param>
    /// <param name="temp">Where to publish.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static Task<Published> ProjectAsync(string name, string? given, TempFolder temp, CancellationToken cancellationToken) => given is null
        ? PublishAsync(Path.Combine(RepositoryRoot(), name, name + ".csproj"), temp.Of(name), cancellationToken)
        : Task.FromResult(new Published(ExecutableIn(Path.GetFullPath(given), name), IsReadyToRun(Path.Combine(given, name + ".dll"))));

    public static string ExecutableIn(string folder, string name)
    {
        var path = Path.Combine(folder, OperatingSystem.IsWindows() ? name + ".exe" : name);
        return File.Exists(path) ? path : throw new FileNotFoundException($"There is no published {name} in '{folder}'.", path);
    }

    public static string RepositoryRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "ImageAspire.sln")))
                return folder.FullName;
        }

        throw new InvalidOperationException("ImageAspire.sln is in no folder above this program. Run it from the repository, or give published folders with --api and --worker.");
    }

    // A managed native header is what ReadyToRun code lives in (ECMA-335 II.25.3.3, "ManagedNativeHeader").
    private static bool IsReadyToRun(string assembly)
    {
        using var reader = new System.Reflection.PortableExecutable.PEReader(File.OpenRead(assembly));
        return reader.PEHeaders.CorHeader?.ManagedNativeHeaderDirectory.Size > 0;
    }
}
