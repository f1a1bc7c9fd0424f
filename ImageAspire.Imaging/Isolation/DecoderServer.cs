using System.Buffers.Binary;
using System.Text.Json;
using ImageAspire.Core.Images;
using ImageAspire.Core.Ports;

namespace ImageAspire.Imaging.Isolation;

/// <summary>The decoder's side: answers one request after the other until its input ends. Knows no file, no network and no configuration.</summary>
/// <param name="input">From the Worker.</param>
/// <param name="output">To the Worker.</param>
/// <param name="open">The codec for these settings; null when there is none.</param>
internal sealed class DecoderServer(Stream input, Stream output, Func<DecoderSettings, TimeProvider, (IImageDecoder Pictures, string? Library)> open)
{
    private readonly byte[] _window = new byte[Frames.MostRead];
    private readonly WorkersClock _clock = new();

    /// <summary>Answers until the Worker is gone.</summary>
    public async Task RunAsync()
    {
        try
        {
            var (_, hello) = Frames.Read(input);
            var (pictures, library) = open(JsonSerializer.Deserialize(hello, DecoderJson.Default.DecoderSettings)!, _clock);
            Frames.Write(output, FrameKind.Hello, JsonSerializer.SerializeToUtf8Bytes(new DecoderGreeting(library), DecoderJson.Default.DecoderGreeting));
            while (true)
            {
                var (kind, content) = Frames.Read(input);
                var (answer, body) = await AnswerAsync(pictures, kind, JsonSerializer.Deserialize(content, DecoderJson.Default.DecoderRequest)!);
                Frames.Write(output, answer, body);
            }
        }
        catch (EndOfStreamException)
        {
            // The Worker has no more work, or is gone.
        }
    }

    private async Task<(FrameKind Kind, byte[] Content)> AnswerAsync(IImageDecoder pictures, FrameKind kind, DecoderRequest request)
    {
        _clock.Now = request.Now;
        var format = ImageFormat.All.First(one => one.Name == request.Format);
        await using var picture = new RemotePicture(input, output, _window, request.Bytes);
        try
        {
            if (kind == FrameKind.Probe)
            {
                var header = await pictures.ReadHeaderAsync(picture, format, CancellationToken.None);
                return (FrameKind.Header, JsonSerializer.SerializeToUtf8Bytes(DecoderHeader.From(header), DecoderJson.Default.DecoderHeader));
            }

            return (FrameKind.Rendered, Pack(await pictures.DecodeAsync(picture, request.Header!.To(format), CancellationToken.None)));
        }
        catch (UnusableImageException error)
        {
            return (FrameKind.Refused, JsonSerializer.SerializeToUtf8Bytes(new DecoderRefusal(error.Code, error.Message), DecoderJson.Default.DecoderRefusal));
        }
#pragma warning disable CA1031 // told to the Worker, which decides what becomes of the image
        catch (Exception error) when (error is not EndOfStreamException)
#pragma warning restore CA1031
        {
            return (FrameKind.Failed, JsonSerializer.SerializeToUtf8Bytes(
                new DecoderRefusal(error.GetType().Name, $"{error.Message}\n{error.StackTrace}"), DecoderJson.Default.DecoderRefusal));
        }
    }

    private static byte[] Pack(DecodedImage? rendered)
    {
        var facts = JsonSerializer.SerializeToUtf8Bytes(
            rendered is null ? new DecoderPicture(null, null, null, null)
                : new DecoderPicture([.. rendered.Thumbnails.Select(one => one.Info)], rendered.Colors, rendered.Placeholder, rendered.PerceptualHash),
            DecoderJson.Default.DecoderPicture);
        var content = new byte[4 + facts.Length + (rendered?.Thumbnails.Sum(one => one.Content.Length) ?? 0)];
        BinaryPrimitives.WriteInt32LittleEndian(content, facts.Length);
        facts.CopyTo(content, 4);
        var at = 4 + facts.Length;
        foreach (var thumbnail in rendered?.Thumbnails ?? [])
        {
            thumbnail.Content.CopyTo(content.AsMemory(at));
            at += thumbnail.Content.Length;
        }

        return content;
    }

    /// <summary>What the Worker said the time is.</summary>
    private sealed class WorkersClock : TimeProvider
    {
        public DateTimeOffset Now { get; set; }

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
