using ImageAspire.Core;
using ImageAspire.ServiceDefaults.Tracing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace ImageAspire.ServiceDefaults.Editions;

/// <summary>What this build is made of: the embedded edition. Its twin is AzureEdition.cs; the project file compiles one of the two.</summary>
internal static class Edition
{
    /// <summary>The backend without the setting <c>Backend</c>.</summary>
    public const string DefaultBackend = BackendNames.Embedded;

    /// <summary>Registers a backend that only this edition has: there is none, both have the embedded one.</summary>
    public static bool TryAddBackend(IHostApplicationBuilder builder, string name) => false;

    /// <summary>Service discovery and resilient HTTP clients come with Aspire; on one machine there is nothing to discover.</summary>
    public static void AddNetworking(IHostApplicationBuilder builder)
    {
    }

    /// <summary>OpenTelemetry by its core packages. Endpoint, protocol, headers and service name come from the standard <c>OTEL_*</c> variables.</summary>
    public static void AddTelemetry(IHostApplicationBuilder builder)
    {
        if (string.IsNullOrEmpty(builder.Configuration[TelemetryNames.EndpointKey]))
            return; // costs nothing when nobody listens
        var name = builder.Environment.ApplicationName;
        builder.Logging.AddOpenTelemetry(logs =>
        {
            logs.IncludeFormattedMessage = true;
            logs.IncludeScopes = true;
            logs.SetResourceBuilder(Resource(name));
            logs.AddOtlpExporter();
        });
        builder.Services.AddSingleton(_ => Sdk.CreateTracerProviderBuilder()
            .SetResourceBuilder(Resource(name))
            .AddSource(Telemetry.Name, "Microsoft.AspNetCore", "System.Net.Http")
            .AddProcessor(new ImageIdProcessor()).AddProcessor(new LonelyCallProcessor())
            .AddOtlpExporter()
            .Build());
        builder.Services.AddSingleton(_ => Sdk.CreateMeterProviderBuilder()
            .SetResourceBuilder(Resource(name))
            .AddMeter([Telemetry.Name, .. TelemetryNames.Meters, "System.Net.Http", "System.Runtime"])
            .SetExemplarFilter(ExemplarFilterType.TraceBased)
            .AddOtlpExporter()
            .Build());
        builder.Services.AddHostedService<Lifetime>();
    }

    private static ResourceBuilder Resource(string name) =>
        ResourceBuilder.CreateDefault().AddService(name).AddEnvironmentVariableDetector(); // OTEL_SERVICE_NAME wins

    /// <summary>Builds the providers when the host starts; the container disposes them, which flushes, when it ends.</summary>
    private sealed class Lifetime(TracerProvider traces, MeterProvider metrics) : IHostedService
    {
        public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken)
        {
            traces.ForceFlush(5_000);
            metrics.ForceFlush(5_000);
            return Task.CompletedTask;
        }
    }
}
