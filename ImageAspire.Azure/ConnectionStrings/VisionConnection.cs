namespace ImageAspire.Azure.ConnectionStrings;

/// <summary>The connection to Azure AI Vision.</summary>
/// <param name="Endpoint">Address of the service.</param>
/// <param name="Key">A key; null to use the service's identity.</param>
internal sealed record VisionConnection(Uri Endpoint, string? Key)
{
    /// <summary>
    /// Reads a connection string: an address, or <c>Endpoint=…;Key=…</c> in any order. Null when it is neither, when the key is not a valid
    /// header value, and when a token would be sent unencrypted.
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
