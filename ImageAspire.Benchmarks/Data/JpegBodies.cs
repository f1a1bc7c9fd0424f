using System.Buffers.Binary;
using System.Net;
using System.Security.Cryptography;

namespace ImageAspire.Benchmarks.Data;

/// <summary>
/// Upload bodies that all differ (a nonce in a JPEG comment) and cost the client next to nothing: what follows the comment is shared.
/// </summary>
internal sealed class JpegBodies
{
    // SOI, then COM with 16 bytes (ITU-T T.81, B.2.4.5).
    private static readonly byte[] Start = [0xFF, 0xD8, 0xFF, 0xFE, 0, 18];
    private readonly byte[] _rest;
    private long _count;

    private JpegBodies(byte[] rest) => _rest = rest;

    public int Length => Start.Length + 16 + _rest.Length;

    /// <summary>Looks like a JPEG (headers are right, the scan is noise): enough for the Api, not for a Worker.</summary>
    public static JpegBodies Noise(int bytes)
    {
        byte[] head =
        [
            0xFF, 0xE0, 0, 16, (byte)'J', (byte)'F', (byte)'I', (byte)'F', 0, 1, 1, 0, 0, 1, 0, 1, 0, 0,
            0xFF, 0xC0, 0, 11, 8, 0x07, 0x80, 0x0A, 0x00, 1, 1, 0x11, 0, // 2560 × 1920, grey
            0xFF, 0xDA, 0, 8, 1, 1, 0, 0, 63, 0,
        ];
        var rest = new byte[Math.Max(bytes - Start.Length - 16, head.Length + 2)];
        RandomNumberGenerator.Fill(rest);
        rest.AsSpan().Replace<byte>(0xFF, 0xFE); // no markers inside the scan
        head.CopyTo(rest, 0);
        rest[^2] = 0xFF;
        rest[^1] = 0xD9;
        return new JpegBodies(rest);
    }

    /// <summary>A JPEG from a file, with the comment inserted after its first two bytes.</summary>
    public static async Task<JpegBodies> FromFileAsync(string path, CancellationToken cancellationToken)
    {
        var bytes = await File.ReadAllBytesAsync(path, cancellationToken);
        return bytes is [0xFF, 0xD8, ..] ? Of(bytes) : throw new ArgumentException($"'{path}' is not a JPEG.");
    }

    /// <summary>The same of a JPEG in memory.</summary>
    public static JpegBodies Of(byte[] jpeg) => new(jpeg[2..]);

    /// <summary>A body that was never sent before.</summary>
    /// <param name="pieces">In so many pieces, with a second between them.</param>
    public HttpContent Next(int pieces = 1)
    {
        var nonce = new byte[16];
        BinaryPrimitives.WriteInt64BigEndian(nonce, Interlocked.Increment(ref _count));
        Random.Shared.NextBytes(nonce.AsSpan(8));
        return new Body([.. Start, .. nonce], _rest, pieces);
    }

    private sealed class Body(byte[] head, byte[] rest, int pieces) : HttpContent
    {
        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
        {
            await stream.WriteAsync(head, cancellationToken);
            for (int piece = 0, from = 0, each = (rest.Length + pieces - 1) / pieces; from < rest.Length; piece++, from += each)
            {
                if (piece > 0)
                {
                    await stream.FlushAsync(cancellationToken);
                    await Task.Delay(TimeSpan.FromSeconds(1), cancellationToken);
                }

                await stream.WriteAsync(rest.AsMemory(from, Math.Min(each, rest.Length - from)), cancellationToken);
            }
        }

        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
            SerializeToStreamAsync(stream, context, CancellationToken.None);

        protected override bool TryComputeLength(out long length)
        {
            length = head.Length + rest.Length;
            return true;
        }
    }
}
