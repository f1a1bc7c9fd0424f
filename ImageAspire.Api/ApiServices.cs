using System.Text.Json.Serialization;
using ImageAspire.Api.Access;
using ImageAspire.Api.Http;
using ImageAspire.Api.Images;
using ImageAspire.Api.Live;
using ImageAspire.Api.Operations;
using ImageAspire.Api.Reports;
using ImageAspire.Api.Uploads;
using ImageAspire.Api.Uploads.Resumable;
using ImageAspire.Core.Images;
using ImageAspire.Core.Json;
using ImageAspire.Core.Pipeline;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace ImageAspire.Api;

/// <summary>What the Api needs beside its ports.</summary>
internal static class ApiServices
{
    public static void AddApiServices(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddChecked<ApiOptions, ApiOptions.Validator>(builder.Configuration, ApiOptions.Section);
        services.AddChecked<AccessOptions, AccessOptions.Validator>(builder.Configuration, AccessOptions.Section);
        services.AddChecked<PricesOptions, PricesOptions.Validator>(builder.Configuration, PricesOptions.Section);
        services.AddChecked<ResumableOptions, ResumableOptions.Validator>(builder.Configuration, ResumableOptions.Section);
        services.TryAddSingleton(TimeProvider.System);
        services.ConfigureHttpJsonOptions(json =>
        {
            // Answers are written by the contexts themselves; these make the OpenAPI document say the same.
            json.SerializerOptions.Converters.Add(new LowerCaseStatusConverter());
            json.SerializerOptions.NumberHandling = JsonNumberHandling.Strict;
            json.SerializerOptions.TypeInfoResolverChain.Insert(0, ApiJson.Default);
            json.SerializerOptions.TypeInfoResolverChain.Insert(1, CoreJson.Default);
        });
        services.AddAccess();
        services.AddSingleton<ReceiveImage>();
        services.AddSingleton<UploadReader>();
        services.AddSingleton(provider =>
        {
            var options = provider.GetRequiredService<ApiOptions>();
            return new UploadGate(options.ConcurrentUploads, options.WaitingUploads, options.UploadPatience, provider.GetRequiredService<TimeProvider>());
        });
        services.AddSingleton<ChunkReader>();
        services.AddSingleton<UploadCompletion>();
        services.AddSingleton<UploadTurns>();
        services.AddSingleton<UploadFinder>();
        services.AddSingleton<UploadContinuation>();
        services.AddSingleton<UploadCreation>();
        services.AddSingleton<PageCache>();
        services.AddSingleton<LiveFeed>();
        services.AddHostedService<OwnSubscription>();
        services.AddSingleton<SubscriptionRates>();
        services.AddSingleton<ReprocessingStep>();
        services.AddSingleton<ReprocessingService>();
        services.AddHostedService(provider => provider.GetRequiredService<ReprocessingService>());
        services.AddSingleton<DeadLetterReader>();
        services.AddSingleton<DeadLetterDesk>();
        services.AddSingleton<OperatorAudit>();
        services.AddApiDescription();
        services.AddOptions<KestrelServerOptions>().Configure<IOptions<ApiOptions>>(SetLimits);
    }

    // Against clients that send much, or slowly on purpose, and never come to an end. Header sizes (32 KiB in all, 100 of them) and the
    // least rate of a client that reads an answer are those of Kestrel.
    private static void SetLimits(KestrelServerOptions kestrel, IOptions<ApiOptions> checkedOptions)
    {
        ApiOptions options;
        try
        {
            options = checkedOptions.Value;
        }
        catch (OptionsValidationException)
        {
            return; // the server is made before the settings are checked: that check comes next, and names all that is wrong with all of them
        }

        kestrel.AddServerHeader = false;
        // The endpoints bound what they read, file by file; this is the bound of a whole request.
        kestrel.Limits.MaxRequestBodySize = null;
        kestrel.Limits.MaxConcurrentConnections = OpenFiles.Connections();
        // What a client may send ahead while its upload waits for a place: with 1,500 of them a quarter of Kestrel's default is felt.
        kestrel.Limits.MaxRequestBufferSize = 256 * 1024;
        kestrel.Limits.RequestHeadersTimeout = options.RequestHeadersTimeout;
        kestrel.Limits.MinRequestBodyDataRate = new MinDataRate(options.MinBodyBytesPerSecond, TimeSpan.FromSeconds(5));
    }

    private static void AddChecked<TOptions, TValidator>(this IServiceCollection services, ConfigurationManager configuration, string section)
        where TOptions : class
        where TValidator : class, IValidateOptions<TOptions>
    {
        services.AddOptions<TOptions>().Bind(configuration.GetSection(section)).ValidateOnStart();
        services.AddSingleton<IValidateOptions<TOptions>, TValidator>();
        services.AddSingleton(provider => provider.GetRequiredService<IOptions<TOptions>>().Value);
    }
}
