using System.Runtime.InteropServices;
using ImageAspire.Core.Ports;
using ImageAspire.Imaging.Isolation;
using ImageAspire.Imaging.Isolation.Sandbox;
using ImageAspire.Imaging.Vips;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace ImageAspire.Imaging;

/// <summary>Registers the image decoder.</summary>
public static partial class ImagingExtensions
{
    /// <summary>
    /// Adds <see cref="IImageDecoder"/> and <see cref="IPixelDecoder"/>: libvips when it can be loaded (tried at the first image), else headers only, with one
    /// warning that names the command to get it. Decoding runs in child processes, which are this program started again; it must therefore begin with
    /// <see cref="DecoderProgram.IsRequested"/>. With <c>Imaging:Isolation</c> = <c>none</c> it runs in this process. Settings: section <c>Imaging</c>, see <see cref="ImagingOptions"/>.
    /// </summary>
    public static IServiceCollection AddImaging(this IServiceCollection services, IConfiguration configuration) =>
        services.AddImaging(configuration, SandboxSupport.Here);

    /// <summary>The same on another kernel, for tests.</summary>
    internal static IServiceCollection AddImaging(this IServiceCollection services, IConfiguration configuration, SandboxSupport sandbox)
    {
        services.AddOptions<ImagingOptions>().Bind(configuration.GetSection("Imaging"))
            .Validate(o => o.Library is "auto" or "none", "Imaging:Library must be auto or none.")
            .Validate(o => o.MaxPixels is >= 1 and <= 1_000_000_000, "Imaging:MaxPixels must be between 1 and 1000000000.")
            .Validate(o => o.MaxSide is >= 1 and <= 1_000_000, "Imaging:MaxSide must be between 1 and 1000000.")
            .Validate(o => o.Quality is >= 1 and <= 100, "Imaging:Quality must be between 1 and 100.")
            .Validate(o => o.Isolation is "process" or "none", "Imaging:Isolation must be process or none.")
            .Validate(o => o.Sandbox is "auto" or "required" or "off", "Imaging:Sandbox must be auto, required or off.")
            .Validate(o => o.Sandbox != "required" || o.Isolation != "none", "Imaging:Sandbox cannot be required with Imaging:Isolation none.")
            .Validate(o => o.Sandbox != "required" || sandbox.Missing is null, $"Imaging:Sandbox is required, but {sandbox.Missing}.")
            .Validate(o => o.Decoders is >= 1 and <= 256, "Imaging:Decoders must be between 1 and 256.")
            .Validate(o => o.DecoderTimeLimit >= TimeSpan.FromMilliseconds(100) && o.DecoderTimeLimit <= TimeSpan.FromHours(1), "Imaging:DecoderTimeLimit must be between 0.1 seconds and an hour.")
            .Validate(o => o.DecoderMemoryBytes >= 128L << 20, "Imaging:DecoderMemoryBytes must be at least 134217728.")
            .Validate(o => o.DecoderRestingBytes >= 1, "Imaging:DecoderRestingBytes must be positive.")
            .Validate(o => o.DecoderAnswers >= 1, "Imaging:DecoderAnswers must be positive.")
            .Validate(o => o.DecoderIdleTime >= TimeSpan.FromSeconds(1) && o.DecoderIdleTime <= TimeSpan.FromDays(1), "Imaging:DecoderIdleTime must be between a second and a day.")
            .ValidateOnStart();
        services.AddHealthChecks().Add(new HealthCheckRegistration("decoders", provider =>
            new SandboxHealthCheck(sandbox.Describe(provider.GetRequiredService<IOptions<ImagingOptions>>().Value)), failureStatus: null, tags: null));
        return services.AddSingleton<IImageDecoder>(provider => provider.GetRequiredService<ICodec>())
            .AddSingleton<IPixelDecoder>(provider => provider.GetRequiredService<ICodec>())
            .AddSingleton(provider => Choose(
            provider.GetRequiredService<IOptions<ImagingOptions>>().Value,
            sandbox,
            provider.GetService<TimeProvider>() ?? TimeProvider.System,
            provider.GetRequiredService<ILoggerFactory>().CreateLogger("ImageAspire.Imaging")));
    }

    private static ICodec Choose(ImagingOptions options, SandboxSupport sandbox, TimeProvider time, ILogger log)
    {
        if (options.Isolation == "process")
        {
            if (sandbox is { IsLinux: true, Missing: not null } && options.Sandbox != "off")
                LogIncomplete(log, sandbox.Missing);
            return new IsolatedImageDecoder(new DecoderPool(options, DecoderCommand.ThisProgram(), time, log), options, time, log);
        }

        if (options.Library != "none" && VipsLibrary.Description is { } library)
        {
            LogFound(log, library);
            return new VipsImageDecoder(options, time);
        }

        LogMissing(log, InstallCommand);
        return new HeaderImageDecoder(options, time);
    }

    /// <summary>How to get a program with a codec for this platform.</summary>
    internal static string InstallCommand => $"build or publish for this platform: dotnet publish -r {RuntimeInformation.RuntimeIdentifier}";

    [LoggerMessage(Level = LogLevel.Information, Message = "Images are decoded by {Library}.")]
    internal static partial void LogFound(ILogger log, string library);

    [LoggerMessage(Level = LogLevel.Warning, Message = "There is no libvips for this platform: no thumbnails and no colours; everything else works. To get it, {Command}.")]
    internal static partial void LogMissing(ILogger log, string command);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Decoder processes run without the full sandbox: {Missing}. Code that a hostile image brings into one is held back less. Imaging:Sandbox says what to do then.")]
    private static partial void LogIncomplete(ILogger log, string missing);

    // Always healthy: images are decoded. The description says how well they are kept apart.
    private sealed class SandboxHealthCheck(string description) : IHealthCheck
    {
        public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
            Task.FromResult(HealthCheckResult.Healthy(description));
    }
}
