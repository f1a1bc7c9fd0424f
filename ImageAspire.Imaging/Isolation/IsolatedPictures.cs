using System.Diagnostics;
using System.Globalization;
using ImageAspire.Core.Diagnostics;
using ImageAspire.Core.Images;
using ImageAspire.Core.Ports;
using Microsoft.Extensions.Logging;

namespace ImageAspire.Imaging.Isolation;

/// <summary>
/// Pictures through child processes: bytes that nobody trusts never meet a parser in this one. What kills a decoder costs the one
/// picture that it looked at: it is tried once more in a fresh decoder, then refused.
/// </summary>
internal sealed partial class IsolatedPictures(DecoderPool pool, ImagingOptions options, TimeProvider time, ILogger log) : IImageDecoder, IDisposable
{
    private const int Tries = 2;

    /// <inheritdoc />
    public bool CanDecode => options.Library != "none" && pool.CanDecode;

    /// <inheritdoc />
    public Task<ImageHeader> ReadHeaderAsync(Stream picture, ImageFormat format, CancellationToken cancellationToken) =>
        AskAsync(FrameKind.Probe, picture, format, null, answer => DecoderAnswers.Header(answer, format, options), cancellationToken);

    /// <inheritdoc />
    public Task<DecodedImage?> DecodeAsync(Stream picture, ImageHeader header, CancellationToken cancellationToken) =>
        AskAsync(FrameKind.Render, picture, header.Format, DecoderHeader.From(header), DecoderAnswers.Rendered, cancellationToken);

    /// <inheritdoc />
    public void Dispose() => pool.Dispose();

    private async Task<T> AskAsync<T>(
        FrameKind kind, Stream picture, ImageFormat format, DecoderHeader? header, Func<(FrameKind, byte[]), T> read, CancellationToken cancellationToken)
    {
        await using var local = await LocalPicture.OpenAsync(picture, cancellationToken);
        var request = new DecoderRequest(format.Name, local.Stream.Length, time.GetUtcNow(), header);
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await TryAsync(kind, request, local.Stream, read, fresh: attempt > 1, cancellationToken);
            }
            catch (DecoderDiedException error)
            {
                cancellationToken.ThrowIfCancellationRequested();
                Tell(error, attempt);
                if (attempt == Tries)
                    throw Refusal(error);
            }
        }
    }

    private async Task<T> TryAsync<T>(
        FrameKind kind, DecoderRequest request, Stream picture, Func<(FrameKind, byte[]), T> read, bool fresh, CancellationToken cancellationToken)
    {
        var decoder = await pool.RentAsync(fresh, cancellationToken);
        var healthy = false;
        try
        {
            await using var watch = new DecoderWatch(decoder, options, time);
            var answer = await decoder.AskAsync(kind, request, picture, cancellationToken);
            try
            {
                var result = read(answer);
                healthy = true;
                return result;
            }
            catch (UnusableImageException)
            {
                healthy = true;
                throw;
            }
            catch (Exception error) when (error is InvalidDataException or System.Text.Json.JsonException)
            {
                throw new DecoderDiedException(DecoderEnd.Nonsense, 0, "", error);
            }
        }
        finally
        {
            pool.Return(decoder, healthy);
        }
    }

    private void Tell(DecoderDiedException error, int attempt)
    {
        var why = error.End.ToString().ToLowerInvariant();
        Telemetry.DecoderDeaths.Add(1, new KeyValuePair<string, object?>("reason", why));
        Activity.Current?.AddEvent(new ActivityEvent("decoder died", time.GetUtcNow(), new ActivityTagsCollection
        {
            ["reason"] = why, ["process.exit.code"] = error.ExitCode, ["attempt"] = attempt,
        }));
        LogDied(log, why, error.ExitCode, attempt, Tries, error.Errors);
    }

    private UnusableImageException Refusal(DecoderDiedException error) => error.End switch
    {
        DecoderEnd.Time => new UnusableImageException(FailureCodes.DecoderLimit, string.Create(CultureInfo.InvariantCulture,
            $"Decoding this file took longer than {options.DecoderTimeLimit.TotalSeconds:0.#} seconds, twice. Make it smaller or save it in another format, and upload it again."), error),
        DecoderEnd.Memory => new UnusableImageException(FailureCodes.DecoderLimit, string.Create(CultureInfo.InvariantCulture,
            $"Decoding this file took more than {options.DecoderMemoryBytes >> 20} MiB of memory, twice. Make it smaller or save it in another format, and upload it again."), error),
        _ => new UnusableImageException(FailureCodes.DecoderCrashed,
            "The decoder crashed on this file, twice. Save it again from the program that made it, or upload another copy.", error),
    };

    [LoggerMessage(LogLevel.Warning, "A decoder ended on a picture ({Why}, exit code {ExitCode}), try {Attempt} of {Tries}; other pictures are not affected. It said: {Errors}")]
    private static partial void LogDied(ILogger log, string why, int exitCode, int attempt, int tries, string errors);
}
