using System.Collections;
using ImageAspire.Dashboard.Resources;

namespace ImageAspire.AppHost.Embedded;

/// <summary>What of a service's environment is of interest to people, and which of it is secret.</summary>
internal static class ServiceEnvironment
{
    // What a person may have set for all of them before AppHost was started.
    private static readonly string[] Inherited =
        ["Access__", "Api__", "ASPNETCORE_", "Backend", "DOTNET_", "Embedded__", "Imaging__", "Logging__", "OTEL_", "Vision__", "VISION_", "Worker__"];

    private static readonly string[] SecretWords =
        ["KEY", "TOKEN", "SECRET", "PASSWORD", "PWD", "SHA256", "HEADERS", "CREDENTIAL", "CONNECTIONSTRING", "CONNECTION_STRING"];

    public static IReadOnlyList<EnvironmentVariable> Of(Service service)
    {
        var all = new SortedDictionary<string, string?>(StringComparer.Ordinal);
        foreach (DictionaryEntry one in Environment.GetEnvironmentVariables())
        {
            var name = (string)one.Key;
            if (Array.Exists(Inherited, prefix => name.StartsWith(prefix, StringComparison.OrdinalIgnoreCase)))
                all[name] = (string?)one.Value;
        }

        ServiceProcess.ForgetLaunchProfile(all);

        foreach (var (name, value) in service.Environment)
            all[name] = value;
        return [.. all.Select(one => new EnvironmentVariable(one.Key, one.Value ?? "", IsSecret(one.Key)))];
    }

    /// <summary>By the last part of the name: <c>Access__Keys__0__Name</c> is none, <c>Access__Keys__0__Sha256</c> is one.</summary>
    internal static bool IsSecret(string name)
    {
        var last = name[(name.LastIndexOf("__", StringComparison.Ordinal) is >= 0 and var at ? at + 2 : 0)..];
        return Array.Exists(SecretWords, word => last.Contains(word, StringComparison.OrdinalIgnoreCase))
            || name.StartsWith("ConnectionStrings__", StringComparison.OrdinalIgnoreCase);
    }
}
