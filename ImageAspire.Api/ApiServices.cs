using System.Text.Json.Serialization;
using ImageAspire.Api.Access;
using ImageAspire.Api.Alarms;
using ImageAspire.Api.Http;
using ImageAspire.Api.Images;
using ImageAspire.Api.Live;
using ImageAspire.Api.Operations;
using ImageAspire.Api.Reports;
using ImageAspire.Api.Search;
using ImageAspire.Api.Uploads;
using ImageAspire.Api.Uploads.Resumable;
using ImageAspire.Api.Webhooks;
using ImageAspire.Core.Images;
using ImageAspire.Core.Json;
using ImageAspire.Core.Pipeline;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace ImageAspire.Api;

/// <summary>Registers the services of the Api.</summary>
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
            // The settings of the source-generated contexts; typed results and the OpenAPI document use these options.
            json.SerializerOptions.Encoder = null;
            json.SerializerOptions.DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull;
            json.SerializerOptions.Converters.Add(new LowerCaseStatusConverter());
            json.SerializerOptions.Converters.Add(new UtcTimeConverter());
            json.SerializerOptions.NumberHandling = JsonNumberHandling.Strict;
            json.SerializerOptions.TypeInfoResolverChain.Insert(0, ApiJson.Default);
            json.SerializerOptions.TypeInfoResolverChain.Insert(1, CoreJson.Default);
        });
        AllowedHosts.Add(services);
        services.AddAccess();
        services.AddSingleton(provider => provider.GetRequiredService<IOptions<ApiOptions>>().Value.Formats());
        services.AddSingleton<ReceiveImage>();
        services.AddSingleton<StorageQuotas>();
        services.AddSingleton<UploadAdmission>();
        services.AddSingleton<MultipartUploadReader>();
        services.AddSingleton<UploadReader>();
        services.AddSingleton(provider =>
        {
            var options = provider.GetRequiredService<ApiOptions>();
            return new UploadConcurrencyLimiter(options.ConcurrentUploads, options.WaitingUploads, options.UploadPatience, provider.GetRequiredService<TimeProvider>());
        });
        services.AddSingleton<ChunkReader>();
        services.AddSingleton<UploadCompletion>();
        services.AddSingleton<SharedUploadPermits>();
        services.AddSingleton<UploadFinder>();
        services.AddSingleton<UploadContinuation>();
        services.AddSingleton<UnfinishedUploads>();
        services.AddSingleton<UploadCreation>();
        services.AddSearch(builder.Configuration);
        services.AddImages();
        services.AddLive();
        services.AddOperations();
        services.AddChecked<AlarmOptions, AlarmOptions.Validator>(builder.Configuration, AlarmOptions.Section);
        services.AddAlarms(builder.Configuration);
        services.AddApiDescription();
        services.AddOptions<KestrelServerOptions>().Configure<IOptions<ApiOptions>>(SetLimits);
    }

    private static void AddImages(this IServiceCollection services)
    {
        services.AddSingleton<Originals>();
        services.AddSingleton<ImageEraser>();
        services.AddSingleton<ImageCommands>();
        services.AddSingleton<RecordReader>();
    }

    private static void AddLive(this IServiceCollection services)
    {
        services.AddSingleton<LiveFeed>();
        services.AddSingleton<AnalysisWaits>();
        services.AddHostedService<InstanceSubscription>();
    }

    private static void AddSearch(this IServiceCollection services, ConfigurationManager configuration)
    {
        services.AddChecked<SearchOptions, SearchOptions.Validator>(configuration, SearchOptions.Section);
        services.AddSingleton<ImageSearch>();
        services.AddSingleton<SimilarImages>();
        services.AddSingleton<PageCache>();
    }

    private static void AddOperations(this IServiceCollection services)
    {
        services.AddSingleton<SubscriptionRates>();
        services.AddSingleton<ServiceReader>();
        services.AddSingleton<StorageForecast>();
        services.AddHostedService(provider => provider.GetRequiredService<StorageForecast>());
        services.AddSingleton<ReprocessingJobs>();
        services.AddSingleton<ReprocessingStep>();
        services.AddHostedService<ReprocessingService>();
        services.AddSingleton<DeadLetterReader>();
        services.AddSingleton<DeadLetterService>();
        services.AddSingleton<OperatorAudit>();
        services.AddSingleton<AuditVerifier>();
        services.AddSingleton<WebhookTarget>();
    }

    // Against clients that send endless or deliberately slow requests. Limits of headers (100, 32 KiB in all) and of slow readers are
    // Kestrel's defaults.
    private static void SetLimits(KestrelServerOptions kestrel, IOptions<ApiOptions> checkedOptions)
    {
        ApiOptions options;
        try
        {
            options = checkedOptions.Value;
        }
        catch (OptionsValidationException)
        {
            return; // the server is created before the options are validated; that validation follows and reports every error
        }

        kestrel.AddServerHeader = false;
        // The endpoints limit what they read, file by file; a whole request has no limit.
        kestrel.Limits.MaxRequestBodySize = null;
        kestrel.Limits.MaxConcurrentConnections = OpenFiles.Connections();
        // What a client may send ahead while its upload waits for a permit: a quarter of Kestrel's default, because 1,500 may wait.
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
