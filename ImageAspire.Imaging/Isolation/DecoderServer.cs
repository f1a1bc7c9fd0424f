using System.Buffers.Binary;
using System.Text.Json;
using ImageAspire.Core.Images;
using ImageAspire.Core.Ports;

namespace ImageAspire.Imaging.Isolation;

/// <summary>The decoder's side of the protocol: answers one request after the other until its input ends. It uses no file, no network and no configuration.</summary>
/// <param name="input">From the Worker.</param>
/// <param name="output">To the Worker.</param>
/// <param name="warning">What is not as it should be; null for nothing.</param>
/// <param name="open">Makes the decoder for these settings, and names its codec; null when there is none.</param>
internal sealed class DecoderServer(Stream input, Stream output, string? warning, Func<DecoderSettings, TimeProvider, (ICodec Decoder, string? Library)> open)
{
    private readonly byte[] _window = new byte[Frames.MaxRead];
    private readonly WorkerTime _clock = new();

    /// <summary>Runs until the Worker closes the input.</summary>
    public async Task RunAsync()
    {
        try
        {
            var (_, hello) = Frames.Read(input);
            var (decoder, library) = open(JsonSerializer.Deserialize(hello, DecoderJson.Default.DecoderSettings)!, _clock);
            Frames.Write(output, FrameKind.Hello, JsonSerializer.SerializeToUtf8Bytes(new DecoderGreeting(library, warning), DecoderJson.Default.DecoderGreeting));
            while (true)
            {
                var (_, content) = Frames.Read(input);
                var (answer, body) = await AnswerAsync(decoder, JsonSerializer.Deserialize(content, DecoderJson.Default.DecoderRequest)!);
                Frames.Write(output, answer, body);
            }
        }
        catch (EndOfStreamException)
        {
            // The Worker has closed the pipe, or is gone.
        }
    }

    private async Task<Frame> AnswerAsync(ICodec decoder, DecoderRequest request)
    {
        _clock.Now = request.Now;
        var format = ImageFormat.All.First(one => one.Name == request.Format);
        await using var image = new RemoteImageStream(input, output, _window, request.Bytes);
        try
        {
            if (request.Side is { } side)
                return new Frame(FrameKind.Pixels, Pack(await decoder.DecodePixelsAsync(image, format, side, CancellationToken.None)));
            var (header, decoded) = await decoder.InspectAsync(image, format, CancellationToken.None);
            return new Frame(FrameKind.Inspected, Pack(DecoderHeader.From(header), decoded));
        }
        catch (UnusableImageException error)
        {
            return new Frame(FrameKind.Refused, JsonSerializer.SerializeToUtf8Bytes(new DecoderError(error.Code, error.Message), DecoderJson.Default.DecoderError));
        }
#pragma warning disable CA1031 // sent to the Worker, which decides what happens to the image
        catch (Exception error) when (error is not EndOfStreamException)
#pragma warning restore CA1031
        {
            return new Frame(FrameKind.Failed, JsonSerializer.SerializeToUtf8Bytes(
                new DecoderError(error.GetType().Name, $"{error.Message}\n{error.StackTrace}"), DecoderJson.Default.DecoderError));
        }
    }

    private static byte[] Pack(PixelImage image)
    {
        int[] sizes = [image.Width, image.Height, image.Pixels.Width, image.Pixels.Height];
        var content = new byte[4 * sizes.Length + image.Pixels.Bytes.Length];
        for (var i = 0; i < sizes.Length; i++)
            BinaryPrimitives.WriteInt32LittleEndian(content.AsSpan(4 * i), sizes[i]);
        image.Pixels.Bytes.CopyTo(content.AsMemory(4 * sizes.Length));
        return content;
    }

    private static byte[] Pack(DecoderHeader header, DecodedImage? decoded)
    {
        var description = JsonSerializer.SerializeToUtf8Bytes(
            decoded is null ? new DecoderResult(header)
                : new DecoderResult(header, [.. decoded.Thumbnails.Select(one => one.Info)], decoded.Colors, decoded.Placeholder, decoded.PerceptualHash, decoded.Damaged),
            DecoderJson.Default.DecoderResult);
        var content = new byte[4 + description.Length + (decoded?.Thumbnails.Sum(one => one.Content.Length) ?? 0)];
        BinaryPrimitives.WriteInt32LittleEndian(content, description.Length);
        description.CopyTo(content, 4);
        var at = 4 + description.Length;
        foreach (var thumbnail in decoded?.Thumbnails ?? [])
        {
            thumbnail.Content.CopyTo(content.AsMemory(at));
            at += thumbnail.Content.Length;
        }

        return content;
    }

    /// <summary>The Worker's clock at the last request.</summary>
    private sealed class WorkerTime : TimeProvider
    {
        public DateTimeOffset Now { get; set; }

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
