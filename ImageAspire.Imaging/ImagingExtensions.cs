using ImageAspire.Core.Ports;
using ImageAspire.Imaging.Isolation;
using ImageAspire.Imaging.Vips;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace ImageAspire.Imaging;

/// <summary>Registers the image decoder.</summary>
public static partial class ImagingExtensions
{
    /// <summary>
    /// Adds <see cref="IImageDecoder"/>: libvips when it can be loaded (tried at the first image), else headers only, with one
    /// warning that names the command to install it. Decoding runs in child processes, which are this program started again; it must therefore begin with
    /// <see cref="DecoderProgram.IsRequested"/>. With <c>Imaging:Isolation</c> = <c>none</c> it runs in this process. Settings: section <c>Imaging</c>, see <see cref="ImagingOptions"/>.
    /// </summary>
    public static IServiceCollection AddImaging(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<ImagingOptions>().Bind(configuration.GetSection("Imaging"))
            .Validate(o => !string.IsNullOrWhiteSpace(o.Library), "Imaging:Library must be auto, none or the path of a libvips library.")
            .Validate(o => o.MaxPixels is >= 1 and <= 1_000_000_000, "Imaging:MaxPixels must be between 1 and 1000000000.")
            .Validate(o => o.MaxSide is >= 1 and <= 1_000_000, "Imaging:MaxSide must be between 1 and 1000000.")
            .Validate(o => o.Quality is >= 1 and <= 100, "Imaging:Quality must be between 1 and 100.")
            .Validate(o => o.Isolation is "process" or "none", "Imaging:Isolation must be process or none.")
            .Validate(o => o.Decoders is >= 1 and <= 256, "Imaging:Decoders must be between 1 and 256.")
            .Validate(o => o.DecoderTimeLimit >= TimeSpan.FromMilliseconds(100) && o.DecoderTimeLimit <= TimeSpan.FromHours(1), "Imaging:DecoderTimeLimit must be between 0.1 seconds and an hour.")
            .Validate(o => o.DecoderMemoryBytes >= 128L << 20, "Imaging:DecoderMemoryBytes must be at least 134217728.")
            .Validate(o => o.DecoderRestingBytes >= 1, "Imaging:DecoderRestingBytes must be positive.")
            .Validate(o => o.DecoderAnswers >= 1, "Imaging:DecoderAnswers must be positive.")
            .Validate(o => o.DecoderIdleTime >= TimeSpan.FromSeconds(1) && o.DecoderIdleTime <= TimeSpan.FromDays(1), "Imaging:DecoderIdleTime must be between a second and a day.")
            .ValidateOnStart();
        return services.AddSingleton(provider => Choose(
            provider.GetRequiredService<IOptions<ImagingOptions>>().Value,
            provider.GetService<TimeProvider>() ?? TimeProvider.System,
            provider.GetRequiredService<ILoggerFactory>().CreateLogger("ImageAspire.Imaging")));
    }

    private static IImageDecoder Choose(ImagingOptions options, TimeProvider time, ILogger log)
    {
        if (options.Isolation == "process")
            return new IsolatedImageDecoder(new DecoderPool(options, DecoderCommand.ThisProgram(), time, log), options, time, log);
        if (options.Library != "none" && LibVipsLoader.TryStart(options.Library))
        {
            LogFound(log, LibVipsLoader.Description!);
            return new VipsImageDecoder(options, time);
        }

        LogMissing(log, InstallCommand);
        return new HeaderImageDecoder(options, time);
    }

    internal static string InstallCommand =>
        OperatingSystem.IsMacOS() ? "install Node 20 or newer and build again, or run: brew install vips"
        : OperatingSystem.IsWindows() ? "install Node 20 or newer and build again (dotnet build)"
        : "install Node 20 or newer and build again (dotnet build), or run: apt-get install libvips42";

    [LoggerMessage(Level = LogLevel.Information, Message = "Images are decoded by {Library}.")]
    internal static partial void LogFound(ILogger log, string library);

    [LoggerMessage(Level = LogLevel.Warning, Message = "No libvips 8.14 or newer: no thumbnails and no colours; everything else works. To get it, {Command}.")]
    internal static partial void LogMissing(ILogger log, string command);
}
