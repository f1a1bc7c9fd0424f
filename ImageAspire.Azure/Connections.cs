using Microsoft.Extensions.Configuration;

namespace ImageAspire.Azure;

/// <summary>The names under which the AppHost hands over its resources (<c>ConnectionStrings__NAME</c>), and their check at the start.</summary>
public static class Connections
{
    /// <summary>MongoDB, with the database's name in it.</summary>
    public const string Documents = "imagesdb";

    /// <summary>The blob container: the integration refuses a bare address, and a string without <c>ContainerName</c>.</summary>
    public const string Blobs = "images";

    /// <summary>The blob container of unfinished uploads, in the same form.</summary>
    public const string Uploads = "uploads";

    /// <summary>The Service Bus namespace.</summary>
    public const string Topic = "messaging";

    /// <summary>Azure AI Vision: its endpoint, or <c>Endpoint=…;Key=…</c>. Optional.</summary>
    public const string Vision = "vision";

    /// <summary>Everything that is missing or malformed, each with its key and what it should be.</summary>
    /// <param name="configuration">The whole configuration.</param>
    public static IReadOnlyList<string> Check(IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        var errors = new List<string>();
        Check(configuration, errors, Documents, "mongodb://host:27017/imagesdb (with the name of the database)", IsMongo);
        Check(configuration, errors, Blobs, "'Endpoint=https://ACCOUNT.blob.core.windows.net/;ContainerName=images', or a storage connection string with ';ContainerName=images' behind it", IsContainer);
        Check(configuration, errors, Uploads, "the same with ContainerName=uploads", IsContainer);
        Check(configuration, errors, Topic, "the namespace (name.servicebus.windows.net), or 'Endpoint=sb://…;SharedAccessKeyName=…;SharedAccessKey=…'", IsNamespace);
        if (CheckVision(configuration) is { } error)
            errors.Add(error);
        return errors;
    }

    /// <summary>What is wrong with <see cref="Vision"/>, which may be missing; null when nothing is.</summary>
    /// <param name="configuration">The whole configuration.</param>
    public static string? CheckVision(IConfiguration configuration) =>
        configuration.GetConnectionString(Vision) is { Length: > 0 } vision && VisionConnection.Parse(vision) is null
            ? Wrong(Vision, "malformed", "https://NAME.cognitiveservices.azure.com/, or 'Endpoint=https://…;Key=…'") : null;

    private static void Check(IConfiguration configuration, List<string> errors, string name, string wanted, Func<string, bool> good)
    {
        if (configuration.GetConnectionString(name) is not { Length: > 0 } text)
            errors.Add(Wrong(name, "missing", wanted));
        else if (!good(text))
            errors.Add(Wrong(name, "malformed", wanted)); // never the text itself: it may hold a password
    }

    private static string Wrong(string name, string what, string wanted) =>
        $"ConnectionStrings:{name} is {what}; it must be {wanted}. The AppHost sets it; outside of it set the environment variable ConnectionStrings__{name}.";

    // The integration would find out only when the first blob is wanted.
    private static bool IsContainer(string text)
    {
        var parts = ConnectionParts.Of(text);
        return parts.ContainsKey("ContainerName") && ConnectionParts.Places.Any(parts.ContainsKey);
    }

    private static bool IsNamespace(string text) => ConnectionParts.Of(text).TryGetValue("Endpoint", out var endpoint)
        ? endpoint.StartsWith("sb://", StringComparison.OrdinalIgnoreCase)
        : text.Contains('.', StringComparison.Ordinal) && Uri.TryCreate(text.Contains("://", StringComparison.Ordinal) ? text : "https://" + text, UriKind.Absolute, out var uri)
            && uri.Scheme == Uri.UriSchemeHttps;

    private static bool IsMongo(string text)
    {
        try
        {
            return !string.IsNullOrEmpty(MongoDB.Driver.MongoUrl.Create(text).DatabaseName);
        }
        catch (Exception error) when (error is MongoDB.Driver.MongoConfigurationException or FormatException or ArgumentException)
        {
            return false;
        }
    }
}

/// <summary>Connection strings of the form <c>Name=value;Name=value</c>.</summary>
internal static class ConnectionParts
{
    /// <summary>What tells where a storage account is.</summary>
    public static readonly string[] Places = ["Endpoint", "BlobEndpoint", "AccountName", "UseDevelopmentStorage"];

    /// <summary>The parts by name, whatever its case; of two with one name the first.</summary>
    public static Dictionary<string, string> Of(string text) => text.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
        .Select(part => part.Split('=', 2)).Where(pair => pair.Length == 2)
        .GroupBy(pair => pair[0].Trim(), StringComparer.OrdinalIgnoreCase)
        .ToDictionary(group => group.Key, group => group.First()[1].Trim(), StringComparer.OrdinalIgnoreCase);
}

/// <summary>Where Azure AI Vision is.</summary>
/// <param name="Endpoint">Its address.</param>
/// <param name="Key">A key; null to use the service's identity.</param>
internal sealed record VisionConnection(Uri Endpoint, string? Key)
{
    /// <summary>
    /// Reads a connection string: an address, or <c>Endpoint=…;Key=…</c> in any order. Null when it is neither, when the key cannot be a header,
    /// and when a token would go over the network unencrypted.
    /// </summary>
    public static VisionConnection? Parse(string text)
    {
        var parts = AddressOf(text) is null ? ConnectionParts.Of(text) : new() { ["Endpoint"] = text };
        if (AddressOf(parts.GetValueOrDefault("Endpoint") ?? "") is not { } endpoint)
            return null;
        if (parts.GetValueOrDefault("Key") is { Length: > 0 } key)
            return key.Any(c => c is <= ' ' or > '~') ? null : new VisionConnection(endpoint, key);
        return endpoint.Scheme == Uri.UriSchemeHttps || endpoint.IsLoopback ? new VisionConnection(endpoint, null) : null;
    }

    private static Uri? AddressOf(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is "https" or "http" && uri.Host.Length > 0 ? uri : null;
}
