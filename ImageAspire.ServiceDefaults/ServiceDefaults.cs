using ImageAspire.ServiceDefaults.Health;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ImageAspire.ServiceDefaults;

/// <summary>What every service of ImageAspire has: logging, telemetry, service discovery, HTTP clients that retry, and a graceful shutdown.</summary>
public static class ServiceDefaultsExtensions
{
    /// <summary>
    /// Telemetry is exported by OTLP when <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> is set, and to Application Insights when
    /// <c>APPLICATIONINSIGHTS_CONNECTION_STRING</c> is. Under systemd the service reports when it is ready and when it stops.
    /// </summary>
    public static TBuilder AddServiceDefaults<TBuilder>(this TBuilder builder)
        where TBuilder : IHostApplicationBuilder
    {
        builder.Logging.AddSimpleConsole(console =>
        {
            console.SingleLine = true;
            console.UseUtcTimestamp = true;
            console.TimestampFormat = "yyyy-MM-dd'T'HH:mm:ss.fff'Z' ";
        });
        builder.AddTelemetry();
        builder.Services.AddServiceDiscovery();
        builder.Services.ConfigureHttpClientDefaults(http =>
        {
            http.AddStandardResilienceHandler();
            http.AddServiceDiscovery();
        });
        builder.Services.AddHealthReader();
        builder.Services.TryAddSingleton<HostExit>();
        builder.Services.AddSystemd();
        if (builder.Configuration[StopWithParent.Key] == "1")
            builder.Services.AddHostedService<StopWithParent>();
        // Longer than the longest step of a drain, and shorter than AppHost and Container Apps wait, which is 30 s: the messages of
        // cancelled stages still have to be given back.
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(25));
        return builder;
    }
}
