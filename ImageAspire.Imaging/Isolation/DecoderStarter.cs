using System.ComponentModel;
using ImageAspire.Core.Diagnostics;
using ImageAspire.Core.Errors;
using Microsoft.Extensions.Logging;

namespace ImageAspire.Imaging.Isolation;

/// <summary>Starts decoder processes, and logs once what they found.</summary>
internal sealed partial class DecoderStarter(ImagingOptions options, DecoderCommand command, TimeProvider time, ILogger log)
{
    private static readonly TimeSpan StartTimeout = TimeSpan.FromSeconds(30);
    private int _greetingLogged;

    /// <summary>Whether pixels can be decoded; assumed until the first process has answered.</summary>
    public bool CanDecode { get; private set; } = true;

    /// <exception cref="RetryLaterException">No process can be started. The image is not the cause.</exception>
    public async Task<Decoder> StartAsync(CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(StartTimeout, time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        var began = time.GetTimestamp();
        try
        {
            var settings = new DecoderSettings(options.Library, options.MaxPixels, options.MaxSide, options.Quality, options.DecoderMemoryBytes);
            var decoder = await Decoder.StartAsync(command.Sandboxed(options), settings, linked.Token);
            Telemetry.DecoderStarts.Add(1);
            LogOnce(decoder.Greeting);
            LogStarted(log, decoder.Id, time.GetElapsedTime(began).TotalMilliseconds);
            return decoder;
        }
        catch (Exception error) when (error is DecoderFailedException or Win32Exception or OperationCanceledException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw new RetryLaterException($"No decoder can be started ({command.Program}): {error.Message}", null, error);
        }
    }

    private void LogOnce(DecoderGreeting greeting)
    {
        CanDecode = greeting.Library is not null;
        if (Interlocked.Exchange(ref _greetingLogged, 1) != 0)
            return;
        if (greeting.Warning is { } warning)
            LogWarning(log, warning);
        if (greeting.Library is { } library)
            ImagingExtensions.LogFound(log, library + ", in processes of their own");
        else
            ImagingExtensions.LogMissing(log, ImagingExtensions.InstallCommand);
    }

    [LoggerMessage(LogLevel.Warning, "{Warning}")]
    private static partial void LogWarning(ILogger log, string warning);

    [LoggerMessage(LogLevel.Debug, "Decoder {ProcessId} is ready after {Milliseconds:0} ms.")]
    private static partial void LogStarted(ILogger log, int processId, double milliseconds);
}
