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
    private const VisualFeatures Everything = VisualFeatures.Tags | VisualFeatures.Caption | VisualFeatures.Objects | VisualFeatures.Read | VisualFeatures.SmartCrops | VisualFeatures.People;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var began = time.GetTimestamp();
        try
        {
            await LoadAsync(stoppingToken);
            await using var image = Image();
            await services.GetRequiredService<IImageAnalysis>().AnalyzeAsync(image, new AnalysisRequest(Everything, []), stoppingToken);
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

    // The decoder is a process, and each engine reads a model of its own: they start side by side.
    private async Task LoadAsync(CancellationToken cancellationToken)
    {
        await using var image = Image();
        await Task.WhenAll(
            services.GetRequiredService<IPixelDecoder>().DecodePixelsAsync(image, await ImageFormats.OfAsync(image, cancellationToken), 1, cancellationToken),
            Task.Run(services.GetRequiredService<ITextReader>, cancellationToken),
            Task.Run(() => (services.GetRequiredService<IObjectDetector>(), services.GetRequiredService<IFaceDetector>()), cancellationToken));
    }

    private static Stream Image() => typeof(WarmUp).Assembly.GetManifestResourceStream("warm-up.png")!;

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
