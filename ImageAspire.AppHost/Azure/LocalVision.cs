namespace ImageAspire.AppHost.Azure;

/// <summary>The local vision service (ImageAspire.Vision), which speaks Azure AI Vision's REST API, so that the same client can point at it.</summary>
internal static class LocalVision
{
    /// <summary>Starts it with Node and hands over its address and key.</summary>
    public static IResourceBuilder<IResourceWithConnectionString> AddLocalVision(this IDistributedApplicationBuilder builder)
    {
        var key = builder.AddParameter("vision-key", new GenerateParameterDefault { MinLength = 32, Special = false }, secret: true, persist: true);
        var service = builder.AddNodeApp("local-vision", "../ImageAspire.Vision", "src/server.js")
            .WithNpm(installCommand: "ci", installArgs: ["--omit=dev"])
            .WithHttpEndpoint(env: "VISION_PORT")
            .WithHttpHealthCheck("/health") // answers when its models are warm; until then images wait
            .WithEnvironment("VISION_KEY", key)
            .WithEnvironment("MALLOC_ARENA_MAX", "2") // a third less memory on Linux
            .WithIconName("Eye");
        // The dashboard tells services its gRPC address unless they ask for the other; this one speaks HTTP only.
        if (builder.Configuration["ASPIRE_DASHBOARD_OTLP_HTTP_ENDPOINT_URL"] is { Length: > 0 })
            service.WithOtlpExporter(OtlpProtocol.HttpProtobuf);
        return builder.AddConnectionString("vision", ReferenceExpression.Create($"Endpoint={service.GetEndpoint("http")};Key={key.Resource}"));
    }
}
