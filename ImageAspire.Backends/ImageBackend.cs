using ImageAspire.Analysis;
using ImageAspire.Azure;
using ImageAspire.Backends.Health;
using ImageAspire.Backends.Tracing;
using ImageAspire.Core.Ports;
using ImageAspire.Embedded;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace ImageAspire.Backends;

/// <summary>The one place that picks adapters.</summary>
public static class ImageBackend
{
    private const string Setting = "Backend";

    /// <summary>
    /// Sets the ports that every service needs: catalog, blobs, topic, audit, reports, webhooks, API keys, analyser; with a health check and
    /// spans for each. The setting <c>Backend</c> chooses: <c>Embedded</c> (the default; files and SQLite in one folder) or <c>Azure</c>
    /// (MongoDB, Blob Storage, Service Bus, by their connection strings). With either, the analyser is Azure AI Vision when there is a
    /// connection string <c>vision</c>, else the vision service of section <c>Vision</c>, else the built-in one.
    /// </summary>
    /// <exception cref="OptionsValidationException">The setting names no backend, or connection strings are missing or malformed.</exception>
    public static TBuilder AddImageBackend<TBuilder>(this TBuilder builder)
        where TBuilder : IHostApplicationBuilder
    {
        var backend = builder.Configuration[Setting] is { Length: > 0 } chosen ? chosen : nameof(Embedded);
        if (backend.Equals(nameof(Embedded), StringComparison.OrdinalIgnoreCase))
            builder.AddEmbedded();
        else if (backend.Equals(nameof(Azure), StringComparison.OrdinalIgnoreCase))
            builder.AddAzure();
        else
            throw new OptionsValidationException(Setting, typeof(ImageBackend), [$"{Setting} is '{backend}'; it must be Embedded or Azure."]);
        var isAzureVision = builder.AddAzureVision();
        if (!isAzureVision)
            builder.Services.AddLocalAnalyzer(builder.Configuration);
        if (isAzureVision || builder.Services.Any(service => service.ServiceType == typeof(IAnalyzerProbe)))
            builder.Services.ObserveAnalyzer();
        builder.Services.AddPortChecks();
        return builder;
    }

    private static void AddEmbedded(this IHostApplicationBuilder builder)
    {
        builder.Services.AddEmbeddedBackend(builder.Configuration);
        builder.Services.AddPortSpans(DocumentSystem.Sqlite);
    }

    private static void AddAzure(this IHostApplicationBuilder builder)
    {
        builder.AddAzureBackend();
        builder.Services.AddPortSpans(DocumentSystem.MongoDb);
    }
}
