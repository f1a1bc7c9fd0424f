using System.Diagnostics;
using System.Globalization;
using ImageAspire.Core.Diagnostics;
using ImageAspire.Core.Images;
using ImageAspire.Core.Ports;
using Microsoft.Extensions.Logging;

namespace ImageAspire.Imaging.Isolation;

/// <summary>
/// Decodes in child processes: untrusted bytes are never parsed in this one. An image that ends a decoder process is tried once more in a
/// fresh process, then refused; other images are not affected.
/// </summary>
internal sealed partial class IsolatedImageDecoder(DecoderPool pool, ImagingOptions options, TimeProvider time, ILogger log) : ICodec, IDisposable
{
    private const int MaxAttempts = 2;

    /// <inheritdoc />
    public bool CanDecode => options.Library != "none" && pool.CanDecode;

    /// <inheritdoc />
    public Task<InspectedImage> InspectAsync(Stream image, ImageFormat format, CancellationToken cancellationToken)
    {
        var request = new DecoderRequest(format.Name, image.Length, time.GetUtcNow());
        return RequestAsync(request, image, answer => DecoderResponses.Inspected(answer, format, request.Bytes, options), cancellationToken);
    }

    /// <inheritdoc />
    public Task<PixelImage> DecodePixelsAsync(Stream image, ImageFormat format, int side, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(side, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(side, IPixelDecoder.MaxSide);
        var request = new DecoderRequest(format.Name, image.Length, time.GetUtcNow(), side);
        return RequestAsync(request, image, answer => DecoderResponses.Pixels(answer, side, options), cancellationToken);
    }

    public void Dispose() => pool.Dispose();

    private async Task<T> RequestAsync<T>(DecoderRequest request, Stream image, Func<Frame, T> parse, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await AttemptAsync(decoder => decoder.RequestAsync(request, image, parse, cancellationToken), fresh: attempt > 1, cancellationToken);
            }
            catch (DecoderFailedException error)
            {
                cancellationToken.ThrowIfCancellationRequested();
                Report(error, attempt);
                if (attempt == MaxAttempts)
                    throw Refusal(error);
            }
        }
    }

    private async Task<T> AttemptAsync<T>(Func<Decoder, Task<T>> ask, bool fresh, CancellationToken cancellationToken)
    {
        var decoder = await pool.RentAsync(fresh, cancellationToken);
        try
        {
            await using var watchdog = new DecoderWatchdog(decoder, options, time);
            return await ask(decoder);
        }
        finally
        {
            pool.Return(decoder);
        }
    }

    private void Report(DecoderFailedException error, int attempt)
    {
        var reason = error.Reason.ToMetricValue();
        Telemetry.DecoderDeaths.Add(1, new KeyValuePair<string, object?>("reason", reason));
        Activity.Current?.AddEvent(new ActivityEvent("decoder died", time.GetUtcNow(), new ActivityTagsCollection
        {
            ["reason"] = reason, ["process.exit.code"] = error.ExitCode, ["attempt"] = attempt,
        }));
        LogEnded(log, reason, error.ExitCode, attempt, MaxAttempts, error.Errors);
    }

    private UnusableImageException Refusal(DecoderFailedException error) => error.Reason switch
    {
        DecoderEndReason.TimeLimit => new UnusableImageException(FailureCodes.DecoderLimit, string.Create(CultureInfo.InvariantCulture,
            $"Decoding this file took longer than {options.DecoderTimeLimit.TotalSeconds:0.#} seconds, twice. Make it smaller or save it in another format, and upload it again."), error),
        DecoderEndReason.MemoryLimit => new UnusableImageException(FailureCodes.DecoderLimit, string.Create(CultureInfo.InvariantCulture,
            $"Decoding this file took more than {options.DecoderMemoryBytes >> 20} MiB of memory, twice. Make it smaller or save it in another format, and upload it again."), error),
        _ => new UnusableImageException(FailureCodes.DecoderCrashed,
            "The decoder crashed on this file, twice. Save it again from the program that made it, or upload another copy.", error),
    };

    [LoggerMessage(LogLevel.Warning, "A decoder process ended on an image ({Reason}, exit code {ExitCode}), try {Attempt} of {MaxAttempts}; other images are not affected. Its standard error: {Errors}")]
    private static partial void LogEnded(ILogger log, string reason, int exitCode, int attempt, int maxAttempts, string errors);
}
