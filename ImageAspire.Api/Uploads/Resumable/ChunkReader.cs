using ImageAspire.Core.Images;
using ImageAspire.Core.Pipeline;
using ImageAspire.Core.Ports;

namespace ImageAspire.Api.Uploads.Resumable;

/// <summary>What became of a chunk.</summary>
internal enum ChunkEnd
{
    /// <summary>Its bytes are part of the upload, durably.</summary>
    Kept,

    /// <summary>There are more of them than the upload has room for.</summary>
    TooLong,

    /// <summary>Its checksum is another one; nothing of it was kept.</summary>
    WrongChecksum,

    /// <summary>Too many wait for a place; what had come was kept, unless there is a checksum.</summary>
    Busy,
}

/// <summary>Streams the body of a request into an upload. What has arrived when a connection breaks is kept; one buffer is held in memory.</summary>
internal sealed class ChunkReader(IBlobStore blobs, TimeProvider time)
{
    // A slow client's bytes are written now and then, so that not much is lost with this process.
    private static readonly TimeSpan WriteAfter = TimeSpan.FromSeconds(1);

    /// <summary>Appends the body.</summary>
    /// <param name="body">The bytes.</param>
    /// <param name="hold">The upload.</param>
    /// <param name="room">How many bytes it may still get.</param>
    /// <param name="checksum">Of the whole body; null for none.</param>
    /// <param name="turn">The place in the line.</param>
    /// <param name="cancellationToken">The client left, or may not go on.</param>
    /// <exception cref="UploadRefusedException">The first bytes are not those of an accepted image.</exception>
    public async Task<ChunkEnd> AppendAsync(Stream body, IUploadLease hold, long room, UploadChecksum? checksum, UploadTurn turn, CancellationToken cancellationToken)
    {
        ChunkEnd end;
        if (checksum is null)
        {
            end = await CopyAsync(body, room, turn, bytes => KeepAsync(hold, bytes), cancellationToken);
        }
        else
        {
            // Nothing of it may be part of the upload before all of it is known to be right: it waits in a staged file.
            await using var staged = await blobs.StageAsync(cancellationToken);
            end = await CopyAsync(body, room, turn, async bytes =>
            {
                checksum.Append(bytes.Span);
                await staged.Content.WriteAsync(bytes, cancellationToken);
            }, cancellationToken);
            if (end != ChunkEnd.Kept)
                return end;
            if (!checksum.IsRight())
                return ChunkEnd.WrongChecksum;
            staged.Content.Position = 0;
            end = await CopyAsync(staged.Content, room, turn, bytes => KeepAsync(hold, bytes), cancellationToken);
        }

        await hold.FlushAsync(CancellationToken.None);
        return end;
    }

    private async Task<ChunkEnd> CopyAsync(Stream from, long room, UploadTurn turn, Func<ReadOnlyMemory<byte>, Task> write, CancellationToken cancellationToken)
    {
        using var buffer = new AdaptiveBuffer();
        var (filled, copied, written) = (0, 0L, time.GetTimestamp());
        try
        {
            while (true)
            {
                // One byte more than there is room for is enough to know.
                var read = await from.ReadAsync(buffer.Bytes.Slice(filled, (int)Math.Min(buffer.Bytes.Length - filled, room - copied - filled + 1)), cancellationToken);
                filled += read;
                if (copied + filled > room)
                    return ChunkEnd.TooLong;
                if (read == 0)
                    return ChunkEnd.Kept;
                if (filled == buffer.Bytes.Length || copied + filled >= ImageFormat.SniffLength && time.GetElapsedTime(written) > WriteAfter)
                {
                    var (bytes, took) = (filled, time.GetElapsedTime(written));
                    filled = 0; // whatever happens now: these are not written twice
                    await write(buffer.Bytes[..bytes]);
                    buffer.Pace(took);
                    (copied, written) = (copied + bytes, time.GetTimestamp());
                }

                if (!await turn.ShareAsync(cancellationToken))
                    return ChunkEnd.Busy;
            }
        }
        finally
        {
            if (filled > 0 && copied + filled <= room)
                await write(buffer.Bytes[..filled]);
        }
    }

    // Not cancelled: bytes that have arrived are kept although their client has left.
    private static Task KeepAsync(IUploadLease hold, ReadOnlyMemory<byte> bytes)
    {
        var isStart = hold.State.Offset == 0;
        if (isStart && bytes.Length >= ImageFormat.SniffLength && ImageFormat.Sniff(bytes.Span) is null)
            throw UploadRefusedException.UnsupportedFormat();
        return hold.AppendAsync(bytes, CancellationToken.None);
    }
}
