using ImageAspire.Azure.Analysis;
using ImageAspire.Azure.ConnectionStrings;
using ImageAspire.Core.Ports;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace ImageAspire.Azure;

/// <summary>Registers Azure AI Vision, which works with every backend.</summary>
public static class AzureVision
{
    /// <summary>Sets Azure AI Vision as the analyser and the vectorizer when there is a connection string <c>vision</c>.</summary>
    /// <returns>Whether there is one; otherwise the caller sets another analyser.</returns>
    /// <exception cref="OptionsValidationException">The connection string is malformed.</exception>
    public static bool AddAzureVision(this IHostApplicationBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        if (Connections.CheckVision(builder.Configuration) is { } error)
            throw new OptionsValidationException("ConnectionStrings", typeof(Connections), [error]);
        if (builder.Configuration.GetConnectionString(Connections.Vision) is not { Length: > 0 } text)
            return false;
        builder.Services.AddOptions<AzureVisionOptions>().Bind(builder.Configuration.GetSection(AzureVisionOptions.Section))
            .Validate(options => options.TimeLimit > TimeSpan.Zero && options.TimeLimit <= TimeSpan.FromMinutes(5),
                $"{AzureVisionOptions.Section}:{nameof(AzureVisionOptions.TimeLimit)} must be more than zero and at most 00:05:00.")
            .Validate(options => !string.IsNullOrWhiteSpace(options.Language), $"{AzureVisionOptions.Section}:{nameof(AzureVisionOptions.Language)} must name a language, for example en.")
            .ValidateOnStart();
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Services.AddAzureCredential();
        var connection = VisionConnection.Parse(text)!;
        builder.Services.TryAddSingleton(provider => AzureVisionClient.Create(provider, connection));
        builder.Services.Replace(ServiceDescriptor.Singleton<IImageAnalyzer, AzureVisionAnalyzer>());
        builder.Services.Replace(ServiceDescriptor.Singleton(provider => AzureVectorizer.Create(provider, connection)));
        return true;
    }
}
