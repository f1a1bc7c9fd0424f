using Azure.Monitor.OpenTelemetry.AspNetCore;
using ImageAspire.Azure;
using ImageAspire.Core;
using ImageAspire.Embedded.Analysis;
using ImageAspire.ServiceDefaults.Tracing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace ImageAspire.ServiceDefaults.Editions;

/// <summary>What this build is made of: the Azure edition. Its twin is EmbeddedEdition.cs; the project file compiles one of the two.</summary>
internal static class Edition
{
    /// <summary>The backend without the setting <c>Backend</c>.</summary>
    public const string DefaultBackend = BackendNames.Azure;

    /// <summary>Registers a backend that only this edition has; false when it is another.</summary>
    public static bool TryAddBackend(IHostApplicationBuilder builder, string name)
    {
        if (!name.Equals(BackendNames.Azure, StringComparison.OrdinalIgnoreCase))
            return false;
        if (!builder.AddAzureBackend())
            builder.Services.AddBuiltInAnalyzer(); // no Azure AI Vision was named: measured facts only
        builder.Services.AddPortSpans(DocumentSystem.MongoDb);
        return true;
    }

    /// <summary>Names of services instead of addresses, and retries, for every HttpClient of the factory. Azure's clients have their own.</summary>
    public static void AddNetworking(IHostApplicationBuilder builder)
    {
        builder.Services.AddServiceDiscovery();
        builder.Services.ConfigureHttpClientDefaults(http =>
        {
            http.AddStandardResilienceHandler();
            http.AddServiceDiscovery();
        });
    }

    /// <summary>OpenTelemetry as Aspire's templates set it up, with our own source and meter; Application Insights too when it is named.</summary>
    public static void AddTelemetry(IHostApplicationBuilder builder)
    {
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
                .SetExemplarFilter(ExemplarFilterType.TraceBased))
            .WithTracing(traces => traces
                .AddSource(Telemetry.Name, builder.Environment.ApplicationName)
                .AddProcessor(new ImageIdProcessor()).AddProcessor(new LonelyCallProcessor())
                .AddAspNetCoreInstrumentation(requests => requests.Filter = context => RequestSpans.IsTraced(context)
                    && !context.Request.Path.StartsWithSegments("/signin")) // its query holds a secret, and Aspire shows queries
                .AddHttpClientInstrumentation());
        if (!string.IsNullOrWhiteSpace(builder.Configuration[TelemetryNames.EndpointKey]))
            telemetry.UseOtlpExporter();
        if (!string.IsNullOrWhiteSpace(builder.Configuration[TelemetryNames.ApplicationInsightsKey]))
            telemetry.UseAzureMonitor();
    }
}
