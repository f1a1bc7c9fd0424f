using ImageAspire.Core.Ports;
using ImageAspire.ServiceDefaults;
using ImageAspire.Vision.Analysis;
using ImageAspire.Vision.Api;
using ImageAspire.Vision.Models;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ImageAspire.Vision.Hosting;

/// <summary>Loads the models, and looks at an image that has a bit of everything: the first request is as fast as the next.</summary>
internal sealed partial class WarmUp(IServiceProvider services, Readiness readiness, TimeProvider time, ILogger<WarmUp> logger) : BackgroundService
{
    private const VisualFeatures Everything = VisualFeatures.Tags | VisualFeatures.Caption | VisualFeatures.Objects | VisualFeatures.Read | VisualFeatures.SmartCrops | VisualFeatures.People;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var began = time.GetTimestamp();
        try
        {
            var analysis = services.GetRequiredService<IImageAnalysis>();
            await using var image = typeof(WarmUp).Assembly.GetManifestResourceStream("warm-up.png")!;
            await analysis.AnalyzeAsync(image, new AnalysisRequest(Everything, []), stoppingToken);
            readiness.Set();
            LogReady(logger, time.GetElapsedTime(began).TotalMilliseconds);
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
            services.GetRequiredService<IHostApplicationLifetime>().StopApplication();
        }
    }

    [LoggerMessage(LogLevel.Information, "Ready after {Milliseconds:0} ms.")]
    private static partial void LogReady(ILogger logger, double milliseconds);

    [LoggerMessage(LogLevel.Critical, "Vision does not start. {Reason}")]
    private static partial void LogNotReady(ILogger logger, Exception? error, string reason);
}
