namespace ImageAspire.ServiceDefaults;

/// <summary>Names that both editions use.</summary>
internal static class TelemetryNames
{
    /// <summary>The setting that turns export by OTLP on.</summary>
    public const string EndpointKey = "OTEL_EXPORTER_OTLP_ENDPOINT";

    /// <summary>The setting that turns export to Application Insights on; the AppHost sets it when it deploys.</summary>
    public const string ApplicationInsightsKey = "APPLICATIONINSIGHTS_CONNECTION_STRING";

    /// <summary>Meters of the web server that are of use beside our own.</summary>
    public static readonly string[] Meters = ["Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel"];
}

/// <summary>Values of the setting <c>Backend</c>.</summary>
internal static class BackendNames
{
    public const string Embedded = "Embedded";

    public const string Azure = "Azure";
}
