using System.Collections;

namespace ImageAspire.AppHost.Model;

/// <summary>
/// Keeps a service from what is in the AppHost's environment for others: connection strings, keys, whatever else a shell has. The orchestrator
/// hands all of it to every process.
/// </summary>
internal static class ForeignEnvironment
{
    // What a .NET program and its decoders need, and settings that the service reads.
    private static readonly string[] Needed =
    [
        "PATH", "HOME", "USERPROFILE", "SYSTEMROOT", "WINDIR", "TMPDIR", "TMP", "TEMP", "TZ", "LANG", "LC_", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "MALLOC_", "SSL_CERT_",
        "DOTNET_", "ASPNETCORE_", "OTEL_", "LOGGING__", "TELEMETRY__", "IMAGING__", "VISION__",
    ];

    /// <summary>Empties the variables of the AppHost that the service does not need.</summary>
    public static IResourceBuilder<T> WithoutForeignEnvironment<T>(this IResourceBuilder<T> service)
        where T : IResourceWithEnvironment => service.WithEnvironment(context =>
        {
            if (!context.ExecutionContext.IsRunMode)
                return;
            foreach (var name in Environment.GetEnvironmentVariables().Cast<DictionaryEntry>().Select(variable => (string)variable.Key).Where(name => !IsNeeded(name)))
                context.EnvironmentVariables.TryAdd(name, "");
        });

    internal static bool IsNeeded(string name) => Array.Exists(Needed, needed =>
        needed.EndsWith('_') ? name.StartsWith(needed, StringComparison.OrdinalIgnoreCase) : name.Equals(needed, StringComparison.OrdinalIgnoreCase));
}
