using System.Buffers;
using System.Buffers.Binary;
using System.Text.Json;

namespace ImageAspire.Imaging.Isolation;

/// <summary>The Worker's side of the protocol with a decoder process. Calls block on the pipes; nothing that arrives is trusted.</summary>
/// <param name="toDecoder">The decoder's standard input.</param>
/// <param name="fromDecoder">The decoder's standard output.</param>
internal sealed class DecoderConnection(Stream toDecoder, Stream fromDecoder)
{
    private const int ReadRequestBytes = 12;

    /// <summary>Sends the settings and receives what the decoder found.</summary>
    public DecoderGreeting Handshake(DecoderSettings settings)
    {
        Frames.Write(toDecoder, FrameKind.Hello, JsonSerializer.SerializeToUtf8Bytes(settings, DecoderJson.Default.DecoderSettings));
        var (kind, content) = Frames.Read(fromDecoder);
        var greeting = kind == FrameKind.Hello ? JsonSerializer.Deserialize(content, DecoderJson.Default.DecoderGreeting) : null;
        return greeting is null ? throw new InvalidDataException($"{kind} instead of Hello.") : new DecoderGreeting(DecoderResponses.Clean(greeting.Library, 300), DecoderResponses.Clean(greeting.Warning, 300));
    }

    /// <summary>Sends a request, serves the decoder's reads of the image, and receives the answer.</summary>
    /// <exception cref="InvalidDataException">The decoder broke the protocol.</exception>
    /// <exception cref="ImageReadException">The image could not be read.</exception>
    public Frame Exchange(DecoderRequest request, Stream image)
    {
        Frames.Write(toDecoder, FrameKind.Inspect, JsonSerializer.SerializeToUtf8Bytes(request, DecoderJson.Default.DecoderRequest));
        var buffer = ArrayPool<byte>.Shared.Rent(Frames.MaxRead);
        try
        {
            while (true)
            {
                var frame = Frames.Read(fromDecoder);
                if (frame.Kind != FrameKind.Read)
                    return frame;
                SendImageBytes(image, frame.Content, buffer);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private void SendImageBytes(Stream image, ReadOnlySpan<byte> request, byte[] buffer)
    {
        if (request.Length != ReadRequestBytes)
            throw new InvalidDataException($"A read request of {request.Length} bytes.");
        var (offset, count) = (BinaryPrimitives.ReadInt64LittleEndian(request), BinaryPrimitives.ReadInt32LittleEndian(request[8..]));
        if (offset < 0 || count is < 1 or > Frames.MaxRead || offset > image.Length - count)
            throw new InvalidDataException($"A read request for {count} bytes at {offset}.");
        try
        {
            image.Position = offset;
            image.ReadExactly(buffer.AsSpan(0, count));
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            throw new ImageReadException(error);
        }

        toDecoder.Write(buffer.AsSpan(0, count));
        toDecoder.Flush();
    }
}

/// <summary>The store failed while the Worker read the image for a decoder. Its own type, so that it is not mistaken for a broken pipe.</summary>
internal sealed class ImageReadException(Exception inner) : Exception(inner.Message, inner);
