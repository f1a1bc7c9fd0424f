using ImageAspire.Backends.Tracing;
using ImageAspire.Core.Images;
using ImageAspire.Core.Ports;
using Microsoft.Extensions.DependencyInjection;

namespace ImageAspire.Backends.Health;

/// <summary>
/// What the calls of the analyser show about it. A service can hang although its health page answers, and Azure AI Vision cannot be probed at no
/// cost.
/// </summary>
/// <param name="probe">Asks the analyser; null when it cannot be asked.</param>
/// <param name="time">Clock.</param>
internal sealed class AnalyzerObservation(IAnalyzerProbe? probe, TimeProvider time)
{
    // Waiting images are retried within a minute: without a new failure for longer, none is known.
    private static readonly TimeSpan Memory = TimeSpan.FromMinutes(2);
    private readonly Lock _lock = new();
    private (AnalyzerUnavailableException Error, long At)? _failure;

    /// <summary>Throws when the analyser does not answer its probe, or did not answer its last call.</summary>
    public async Task ProbeAsync(CancellationToken cancellationToken)
    {
        if (probe is not null)
            await probe.ProbeAsync(cancellationToken);
        lock (_lock)
        {
            if (_failure is { } last && time.GetElapsedTime(last.At) <= Memory + (last.Error.RetryAfter ?? TimeSpan.Zero))
                throw new AnalyzerUnavailableException(last.Error.Message, last.Error.RetryAfter, last.Error) { Cause = last.Error.Fault.Cause };
        }
    }

    public void Answered()
    {
        lock (_lock)
            _failure = null;
    }

    /// <summary>A call failed. Where the probe sees it too (a wait is given: not there, or busy), the probe knows sooner when it is over.</summary>
    public void Failed(AnalyzerUnavailableException error)
    {
        if (probe is not null && error.RetryAfter is not null)
            return;
        lock (_lock)
            _failure = (error, time.GetTimestamp());
    }
}

/// <summary>The analyser, observed.</summary>
internal sealed class ObservedAnalyzer(IImageAnalyzer inner, AnalyzerObservation observation) : IImageAnalyzer
{
    public async Task<ImageAnalysis> AnalyzeAsync(ImageRecord record, OpenImage open, CancellationToken cancellationToken)
    {
        try
        {
            var analysis = await inner.AnalyzeAsync(record, open, cancellationToken);
            observation.Answered();
            return analysis;
        }
        catch (Exception error) when (error is AnalyzerRefusedException or AnalyzerFailedException)
        {
            observation.Answered();
            throw;
        }
        catch (AnalyzerUnavailableException error)
        {
            observation.Failed(error);
            throw;
        }
    }
}

/// <summary>Registers the observation.</summary>
internal static class AnalyzerObservationExtensions
{
    /// <summary>Observes the analyser that is registered already, for its health check.</summary>
    public static void ObserveAnalyzer(this IServiceCollection services)
    {
        services.AddSingleton(provider => new AnalyzerObservation(provider.GetService<IAnalyzerProbe>(), provider.GetRequiredService<TimeProvider>()));
        services.Decorate<IImageAnalyzer>((provider, inner) => new ObservedAnalyzer(inner, provider.GetRequiredService<AnalyzerObservation>()));
    }
}
