using ImageAspire.Embedded;
using ImageAspire.Embedded.Analysis;
using ImageAspire.ServiceDefaults.Editions;
using ImageAspire.ServiceDefaults.Health;
using ImageAspire.ServiceDefaults.Tracing;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace ImageAspire.ServiceDefaults;

/// <summary>The one place that picks adapters.</summary>
public static class ImageBackend
{
    /// <summary>
    /// Sets the ports that every service needs: catalog, blobs, topic, audit, reports, analyser. The setting <c>Backend</c> chooses
    /// (<c>Embedded</c>, or <c>Azure</c> in a build of the Azure edition); without it the edition decides.
    /// </summary>
    /// <exception cref="OptionsValidationException">The setting names something that this build does not have.</exception>
    public static TBuilder AddImageBackend<TBuilder>(this TBuilder builder)
        where TBuilder : IHostApplicationBuilder
    {
        var backend = builder.Configuration["Backend"] is { Length: > 0 } chosen ? chosen : Edition.DefaultBackend;
        if (backend.Equals(BackendNames.Embedded, StringComparison.OrdinalIgnoreCase))
        {
            // In both editions: in the Azure one it lets Aspire's dashboard be used without Docker.
            builder.Services.AddEmbeddedBackend(builder.Configuration);
            builder.Services.AddLocalAnalyzer(builder.Configuration);
            builder.Services.AddPortSpans(DocumentSystem.Sqlite);
        }
        else if (!Edition.TryAddBackend(builder, backend))
        {
            throw new OptionsValidationException("Backend", typeof(ImageBackend),
                [$"Backend is '{backend}', which this build does not have. Set it to Embedded, or build the edition that has it (-p:Edition=Azure)."]);
        }

        builder.Services.AddPortChecks();
        return builder;
    }
}
