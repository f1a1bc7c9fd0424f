using System.ComponentModel;
using ImageAspire.Core.Diagnostics;
using ImageAspire.Core.Errors;
using Microsoft.Extensions.Logging;

namespace ImageAspire.Imaging.Isolation;

/// <summary>Starts decoder processes, and logs once which codec they found.</summary>
internal sealed partial class DecoderStarter(ImagingOptions options, DecoderCommand command, TimeProvider time, ILogger log)
{
    private static readonly TimeSpan StartTimeout = TimeSpan.FromSeconds(30);
    private int _codecLogged;

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
            var decoder = await Decoder.StartAsync(command, settings, linked.Token);
            Telemetry.DecoderStarts.Add(1);
            LogCodecOnce(decoder.Library);
            LogStarted(log, decoder.Id, time.GetElapsedTime(began).TotalMilliseconds);
            return decoder;
        }
        catch (Exception error) when (error is DecoderFailedException or Win32Exception or OperationCanceledException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw new RetryLaterException($"No decoder can be started ({command.Program}): {error.Message}", null, error);
        }
    }

    private void LogCodecOnce(string? library)
    {
        CanDecode = library is not null;
        if (Interlocked.Exchange(ref _codecLogged, 1) != 0)
            return;
        if (library is not null)
            ImagingExtensions.LogFound(log, library + ", in processes of their own");
        else
            ImagingExtensions.LogMissing(log, ImagingExtensions.InstallCommand);
    }

    [LoggerMessage(LogLevel.Debug, "Decoder {ProcessId} is ready after {Milliseconds:0} ms.")]
    private static partial void LogStarted(ILogger log, int processId, double milliseconds);
}
