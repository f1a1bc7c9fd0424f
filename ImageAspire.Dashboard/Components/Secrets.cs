using System.Text.RegularExpressions;
using ImageAspire.Dashboard.Resources;

namespace ImageAspire.Dashboard.Components;

/// <summary>What no page shows. A secret never leaves the server: it is left out, not hidden.</summary>
internal static partial class Secrets
{
    /// <summary>Written instead; always as long, so that it tells nothing.</summary>
    public const string Mask = "●●●●●●●●";

    /// <summary>Whether it is one: because whoever set it says so, or because its name does. Better one too many than one too few.</summary>
    public static bool IsSecret(EnvironmentVariable variable) => variable.IsSecret || SecretName().IsMatch(variable.Name) || Password().IsMatch(variable.Value);

    [GeneratedRegex("KEY|TOKEN|SECRET|PASSW|PASSPHRASE|PWD|AUTHORIZATION|CREDENTIAL|SHA256|OTLP_(.+_)?HEADERS|CONNECTION_?STRING", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex SecretName();

    // In an address (user:password@host, ?sig=…) or in a connection string.
    [GeneratedRegex("://[^/@\\s]+@|(password|pwd|accountkey|sharedaccesskey|sharedaccesssignature)=|[?&](sig|token|key)=", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Password();
}
