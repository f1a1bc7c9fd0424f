using ImageAspire.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace ImageAspire.ServiceDefaults;

/// <summary>OpenTelemetry, exported by OTLP. Endpoint, protocol, headers and service name come from the standard <c>OTEL_*</c> variables.</summary>
internal static class TelemetryExport
{
    public static void Add(IHostApplicationBuilder builder)
    {
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
            .AddSource(Telemetry.Name, "Microsoft.AspNetCore")
            .AddOtlpExporter()
            .Build());
        builder.Services.AddSingleton(_ => Sdk.CreateMeterProviderBuilder()
            .SetResourceBuilder(Resource(name))
            .AddMeter(Telemetry.Name, "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel", "System.Runtime")
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
