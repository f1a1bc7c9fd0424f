using ImageAspire.Azure.ConnectionStrings;
using Microsoft.Extensions.Configuration;

namespace ImageAspire.Azure;

/// <summary>The names of the connection strings (<c>ConnectionStrings__NAME</c>), and their validation at startup.</summary>
internal static class Connections
{
    /// <summary>MongoDB, with the name of the database.</summary>
    public const string Documents = "imagesdb";

    /// <summary>The blob container; the connection string needs a <c>ContainerName</c>.</summary>
    public const string Blobs = "images";

    /// <summary>The blob container of unfinished uploads; the same form.</summary>
    public const string Uploads = "uploads";

    /// <summary>The Service Bus namespace.</summary>
    public const string Topic = "messaging";

    /// <summary>The administration API of a namespace that has it at another address, as emulators do. Optional.</summary>
    public const string TopicAdministration = "messaging-administration";

    /// <summary>Azure AI Vision: its endpoint, or <c>Endpoint=…;Key=…</c>. Optional.</summary>
    public const string Vision = "vision";

    /// <summary>An error for each connection string that is missing or malformed, with its key and the expected form.</summary>
    /// <param name="configuration">The whole configuration.</param>
    public static IReadOnlyList<string> Check(IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        var errors = new List<string>();
        Check(configuration, errors, Documents, "mongodb://host:27017/imagesdb (with the name of the database)", IsMongo);
        Check(configuration, errors, Blobs, "'Endpoint=https://ACCOUNT.blob.core.windows.net/;ContainerName=images', or a storage connection string followed by ';ContainerName=images'", IsContainer);
        Check(configuration, errors, Uploads, "the same with ContainerName=uploads", IsContainer);
        Check(configuration, errors, Topic, "the namespace (name.servicebus.windows.net), or 'Endpoint=sb://…;SharedAccessKeyName=…;SharedAccessKey=…'", IsNamespace);
        if (configuration.GetConnectionString(TopicAdministration) is { Length: > 0 })
            Check(configuration, errors, TopicAdministration, "'Endpoint=sb://…;SharedAccessKeyName=…;SharedAccessKey=…', or absent", IsNamespace);
        if (CheckVision(configuration) is { } error)
            errors.Add(error);
        return errors;
    }

    /// <summary>The error of <see cref="Vision"/>, which is optional; null for none.</summary>
    /// <param name="configuration">The whole configuration.</param>
    public static string? CheckVision(IConfiguration configuration) =>
        configuration.GetConnectionString(Vision) is { Length: > 0 } vision && VisionConnection.Parse(vision) is null
            ? Wrong(Vision, "malformed", "https://NAME.cognitiveservices.azure.com/, or 'Endpoint=https://…;Key=…'") : null;

    private static void Check(IConfiguration configuration, List<string> errors, string name, string wanted, Func<string, bool> good)
    {
        if (configuration.GetConnectionString(name) is not { Length: > 0 } text)
            errors.Add(Wrong(name, "missing", wanted));
        else if (!good(text))
            errors.Add(Wrong(name, "malformed", wanted)); // never the text itself: it may contain a password
    }

    private static string Wrong(string name, string what, string wanted) =>
        $"ConnectionStrings:{name} is {what}; it must be {wanted}. The AppHost sets it; without it, set the environment variable ConnectionStrings__{name}.";

    // Aspire's integration would fail only at the first blob.
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
