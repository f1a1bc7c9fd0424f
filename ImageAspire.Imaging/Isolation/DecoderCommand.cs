using System.Collections;
using System.Globalization;
using System.Reflection;
using ImageAspire.Imaging.Isolation.Sandbox;

namespace ImageAspire.Imaging.Isolation;

/// <summary>The command line of a decoder process.</summary>
/// <param name="Program">A full path, or a name on the path.</param>
/// <param name="Arguments">Unquoted.</param>
internal sealed record DecoderCommand(string Program, IReadOnlyList<string> Arguments)
{
    // The runtime's folders, and where the loader finds libraries. No connection string, no key, no other setting of the service.
    private static readonly string[] PassedOn =
    [
        "DOTNET_ROOT", "DOTNET_ROOT_X64", "DOTNET_ROOT_ARM64", "DOTNET_ROLL_FORWARD", "DOTNET_ROLL_FORWARD_TO_PRERELEASE", "DOTNET_BUNDLE_EXTRACT_BASE_DIR",
        "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "SystemRoot", "PATH",
    ];

    /// <summary>This program once more, however it was started: apphost, <c>dotnet x.dll</c>, <c>dotnet run</c>, one single file.</summary>
    public static DecoderCommand ThisProgram()
    {
        var program = Environment.ProcessPath ?? throw new InvalidOperationException("This process does not know its own program; set Imaging:Isolation to none.");
        var assembly = Assembly.GetEntryAssembly()?.Location;
        return Path.GetFileNameWithoutExtension(program).Equals("dotnet", StringComparison.OrdinalIgnoreCase) && !string.IsNullOrEmpty(assembly)
            ? new DecoderCommand(program, ["exec", assembly, DecoderProgram.Argument])
            : new DecoderCommand(program, [DecoderProgram.Argument]);
    }

    /// <summary>The same program in its sandbox, where the platform and the settings have one.</summary>
    public DecoderCommand Sandboxed(ImagingOptions options) =>
        options.Sandbox != "off" && OperatingSystem.IsLinux() ? this with { Arguments = [.. Arguments, DecoderSandbox.Enter] } : this;

    /// <summary>All environment variables of a decoder process.</summary>
    /// <param name="managedBytes">Limit of its managed heap, without the codec's memory.</param>
    public static IReadOnlyDictionary<string, string> EnvironmentOf(long managedBytes)
    {
        var environment = new Dictionary<string, string>
        {
            // Small rather than fast: the work is done by native code.
            ["DOTNET_gcServer"] = "0",
            ["DOTNET_gcConcurrent"] = "0",
            ["DOTNET_GCHeapHardLimit"] = managedBytes.ToString("X", CultureInfo.InvariantCulture),
            ["DOTNET_GCgen0size"] = "400000",
            ["DOTNET_PROCESSOR_COUNT"] = "1",
            ["DOTNET_TieredPGO"] = "0",
            ["DOTNET_SYSTEM_GLOBALIZATION_INVARIANT"] = "1",
            // No socket for tools, no dump.
            ["DOTNET_EnableDiagnostics"] = "0",
            ["MALLOC_ARENA_MAX"] = "2",
            // Its presence silences libvips' warnings; errors come as return values.
            ["VIPS_WARNING"] = "0",
        };
        foreach (DictionaryEntry variable in Environment.GetEnvironmentVariables())
        {
            if (variable is { Key: string name, Value: string value } && PassedOn.Contains(name, StringComparer.OrdinalIgnoreCase))
                environment[name] = value;
        }

        return environment;
    }
}
