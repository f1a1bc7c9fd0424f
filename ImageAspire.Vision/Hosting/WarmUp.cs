using ImageAspire.Core.Ports;
using ImageAspire.Imaging;
using ImageAspire.ServiceDefaults;
using ImageAspire.Vision.Analysis;
using ImageAspire.Vision.Api;
using ImageAspire.Vision.Models;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ImageAspire.Vision.Hosting;

/// <summary>Loads the models, and looks at an image that has a bit of everything: the first request is as fast as the next.</summary>
internal sealed partial class WarmUp(IServiceProvider services, IHostApplicationLifetime lifetime, IServer server, TimeProvider time, ILogger<WarmUp> logger) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var began = time.GetTimestamp();
        try
        {
            await Task.WhenAll(LookAsync(stoppingToken));
            var elapsed = time.GetElapsedTime(began);
            await ListensAsync(stoppingToken);
            services.GetRequiredService<Readiness>().Set();
            LogReady(logger, string.Join(", ", server.Features.Get<IServerAddressesFeature>()?.Addresses ?? []), elapsed.TotalMilliseconds);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Stopped before it was ready.
        }
        catch (Exception error)
        {
            // One line without a stack trace where it says what to do; a restart does not help then.
            var isKnown = error is ModelException or UnusableImageException;
            LogNotReady(logger, isKnown ? null : error, error.Message);
            services.GetRequiredService<HostExit>().Code = isKnown ? StartUp.SettingsAreWrong : AnalysisQueue.HungExitCode;
            lifetime.StopApplication();
        }
    }

    // The decoder is a process, and each engine reads models of its own: they start side by side.
    private IEnumerable<Task> LookAsync(CancellationToken cancellationToken)
    {
        var image = Task.Run(() => DecodeAsync(cancellationToken), cancellationToken);
        yield return Look<ITextReader>((reader, pixels) => reader.Read(pixels, cancellationToken));
        yield return Look<IObjectDetector>((detector, pixels) => detector.Detect(pixels, cancellationToken));
        yield return Look<IFaceDetector>((detector, pixels) => detector.Detect(pixels, cancellationToken));

        Task Look<T>(Action<T, RgbPixels> look)
            where T : notnull => Task.Run(async () => look(services.GetRequiredService<T>(), await image), cancellationToken);
    }

    private async Task<RgbPixels> DecodeAsync(CancellationToken cancellationToken)
    {
        await using var image = typeof(WarmUp).Assembly.GetManifestResourceStream("warm-up.png")!;
        return (await services.GetRequiredService<IPixelDecoder>().DecodePixelsAsync(image, await ImageFormats.OfAsync(image, cancellationToken), IPixelDecoder.MaxSide, cancellationToken)).Pixels;
    }

    private async Task ListensAsync(CancellationToken cancellationToken)
    {
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = lifetime.ApplicationStarted.Register(started.SetResult);
        await started.Task.WaitAsync(cancellationToken);
    }

    [LoggerMessage(LogLevel.Information, "Vision is ready on {Addresses} after {Milliseconds:0} ms.")]
    private static partial void LogReady(ILogger logger, string addresses, double milliseconds);

    [LoggerMessage(LogLevel.Critical, "Vision does not start. {Reason}")]
    private static partial void LogNotReady(ILogger logger, Exception? error, string reason);
}
