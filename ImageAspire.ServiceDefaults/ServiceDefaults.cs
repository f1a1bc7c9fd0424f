using ImageAspire.ServiceDefaults.Editions;
using ImageAspire.ServiceDefaults.Tracing;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ImageAspire.ServiceDefaults;

/// <summary>What every service of ImageAspire has: logging, telemetry, and an end together with its parent.</summary>
public static class ServiceDefaultsExtensions
{
    /// <summary>
    /// Adds them. Telemetry is exported by OTLP when <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> is set. Where the edition has them: service
    /// discovery, and HTTP clients that retry.
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
        Edition.AddTelemetry(builder);
        builder.Services.AddSingleton<IStartupFilter, RequestSpans>();
        Edition.AddNetworking(builder);
        builder.Services.TryAddSingleton<HostExit>();
        if (builder.Configuration[StopWithParent.Key] == "1")
            builder.Services.AddHostedService<StopWithParent>();
        // Longer than the longest step of a drain, and shorter than AppHost and Container Apps wait, which is 30 s: what was broken off
        // still has to be given back.
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(25));
        return builder;
    }
}
