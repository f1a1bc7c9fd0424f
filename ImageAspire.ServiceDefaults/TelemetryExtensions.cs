using ImageAspire.Core.Diagnostics;

#pragma warning disable EXTEXP0001 // RemoveAllResilienceHandlers is marked experimental.
using Azure.Monitor.OpenTelemetry.AspNetCore;
using ImageAspire.ServiceDefaults.Tracing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace ImageAspire.ServiceDefaults;

/// <summary>OpenTelemetry as Aspire's template sets it up, with our own source and meter, and those of the SDKs of the Azure backend.</summary>
internal static class TelemetryExtensions
{
    private const string OtlpEndpoint = "OTEL_EXPORTER_OTLP_ENDPOINT";
    private const string ApplicationInsights = "APPLICATIONINSIGHTS_CONNECTION_STRING";

    public static void AddTelemetry(this IHostApplicationBuilder builder)
    {
        var otlp = !string.IsNullOrWhiteSpace(builder.Configuration[OtlpEndpoint]);
        var azure = !string.IsNullOrWhiteSpace(builder.Configuration[ApplicationInsights]);
        if (!otlp && !azure)
            return; // no exporter, no cost

        builder.Logging.AddOpenTelemetry(logs =>
        {
            logs.IncludeFormattedMessage = true;
            logs.IncludeScopes = true;
        });
        var telemetry = builder.Services.AddOpenTelemetry()
            .WithMetrics(metrics => metrics
                .AddMeter(Telemetry.Name)
                .AddAspNetCoreInstrumentation()
                .AddHttpClientInstrumentation()
                .AddRuntimeInstrumentation()
                .AddProcessInstrumentation()
                .SetExemplarFilter(ExemplarFilterType.TraceBased))
            .WithTracing(traces =>
            {
                traces.AddImageTraces();
                if (builder.Configuration[ImageLinkProcessor.Key] is { Length: > 0 } address)
                    traces.AddProcessor(new ImageLinkProcessor(address));
            });
        if (otlp)
        {
            telemetry.UseOtlpExporter();
            builder.Services.ExportWithoutRetries();
        }

        if (azure)
            telemetry.UseAzureMonitor();
    }

    /// <summary>Sources, instrumentation and processors of spans, without an exporter.</summary>
    internal static TracerProviderBuilder AddImageTraces(this TracerProviderBuilder traces) => traces
        .AddSource(Telemetry.Name, "Azure.*", "MongoDB.Driver")
        .AddProcessor(new ImageIdProcessor())
        .AddProcessor(new RootSpanFilter())
        .AddAspNetCoreInstrumentation(requests =>
        {
            requests.Filter = RequestTraces.IsTraced;
            requests.EnrichWithHttpResponse = (span, response) =>
            {
                RequestTraces.TagImage(span, response.HttpContext);
                RequestTraces.NameUpload(span);
            };
        })
        .AddHttpClientInstrumentation();

    // The exporter's HTTP clients, by their names. A retry is logged, and the log is exported, which is logged; and at shutdown retries to
    // an unreachable collector would delay the end of the service.
    private static void ExportWithoutRetries(this IServiceCollection services)
    {
        foreach (var name in (string[])["OtlpTraceExporter", "OtlpMetricExporter", "OtlpLogExporter"])
            services.AddHttpClient(name).RemoveAllResilienceHandlers();
    }
}
