namespace ImageAspire.Analysis;

/// <summary>Connections to a vision service.</summary>
internal static class VisionHttp
{
    /// <summary>A client whose responses are bounded.</summary>
    /// <param name="options">Endpoint, key and time limit.</param>
    /// <param name="maxResponseBytes">Largest response.</param>
    /// <param name="authentication">Authenticates requests where there is no key.</param>
    public static HttpClient Create(VisionServiceOptions options, int maxResponseBytes, DelegatingHandler? authentication)
    {
        HttpMessageHandler transport = new SocketsHttpHandler { PooledConnectionLifetime = TimeSpan.FromMinutes(2), AllowAutoRedirect = false };
        if (authentication is not null)
            (authentication.InnerHandler, transport) = (transport, authentication);
        var http = new HttpClient(transport)
        {
            BaseAddress = new Uri(options.Endpoint.TrimEnd('/') + "/"), Timeout = options.TimeLimit, MaxResponseContentBufferSize = maxResponseBytes,
        };
        if (options.Key.Length > 0)
            http.DefaultRequestHeaders.Add("Ocp-Apim-Subscription-Key", options.Key);
        return http;
    }
}
