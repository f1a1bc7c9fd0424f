using ImageAspire.Core.Ports;
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
            await using var image = typeof(WarmUp).Assembly.GetManifestResourceStream("warm-up.png")!;
            await services.GetRequiredService<IImageAnalysis>().WarmUpAsync(image, stoppingToken);
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
