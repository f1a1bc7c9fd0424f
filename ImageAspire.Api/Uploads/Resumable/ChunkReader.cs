using ImageAspire.Core.Errors;
using ImageAspire.Core.Images;
using ImageAspire.Core.Pipeline;
using ImageAspire.Core.Ports;

namespace ImageAspire.Api.Uploads.Resumable;

/// <summary>The result of appending a chunk.</summary>
internal enum ChunkResult
{
    /// <summary>Its bytes are part of the upload, durably.</summary>
    Kept,

    /// <summary>The body is longer than the rest of the upload.</summary>
    TooLong,

    /// <summary>The checksum differs; nothing of the chunk was kept.</summary>
    WrongChecksum,

    /// <summary>Too many uploads wait for a permit; the bytes received so far were kept, unless there is a checksum.</summary>
    Busy,
}

/// <summary>Streams the body of a request into an upload. What has arrived when a connection breaks is kept; one buffer is held in memory.</summary>
internal sealed class ChunkReader(IBlobStore blobs, IStorageSpace space, TimeProvider time)
{
    // A slow client's bytes are written at least this often, so that a crash loses little.
    private static readonly TimeSpan WriteAfter = TimeSpan.FromSeconds(1);

    /// <summary>Appends the body.</summary>
    /// <param name="body">The bytes.</param>
    /// <param name="hold">The upload.</param>
    /// <param name="remaining">How many bytes it still accepts.</param>
    /// <param name="checksum">Of the whole body; null for none.</param>
    /// <param name="permit">The permit that is shared with other uploads.</param>
    /// <param name="cancellationToken">Cancelled when the client disconnects or its key becomes invalid.</param>
    /// <exception cref="StoreUnavailableException">The disk is nearly full, before or while the body is read.</exception>
    /// <exception cref="UploadRefusedException">The first bytes are not those of an accepted image.</exception>
    public async Task<ChunkResult> AppendAsync(Stream body, IUploadLease hold, long remaining, UploadChecksum? checksum, SharedUploadPermit permit, CancellationToken cancellationToken)
    {
        await space.CheckAsync(0, cancellationToken);
        body = new MeteredStream(body, space.CheckAsync);
        ChunkResult end;
        if (checksum is null)
        {
            end = await CopyAsync(body, remaining, permit, bytes => KeepAsync(hold, bytes), cancellationToken);
        }
        else
        {
            // Nothing may become part of the upload before the checksum matches: the chunk is staged in a file first.
            await using var staged = await blobs.StageAsync(cancellationToken);
            end = await CopyAsync(body, remaining, permit, async bytes =>
            {
                checksum.Append(bytes.Span);
                await staged.Content.WriteAsync(bytes, cancellationToken);
            }, cancellationToken);
            if (end != ChunkResult.Kept)
                return end;
            if (!checksum.IsRight())
                return ChunkResult.WrongChecksum;
            staged.Content.Position = 0;
            end = await CopyAsync(staged.Content, remaining, permit, bytes => KeepAsync(hold, bytes), cancellationToken);
        }

        await hold.FlushAsync(CancellationToken.None);
        return end;
    }

    private async Task<ChunkResult> CopyAsync(Stream from, long remaining, SharedUploadPermit permit, Func<ReadOnlyMemory<byte>, Task> write, CancellationToken cancellationToken)
    {
        using var buffer = new AdaptiveBuffer();
        var (filled, copied, written) = (0, 0L, time.GetTimestamp());
        try
        {
            while (true)
            {
                // One byte more than the upload accepts is enough to detect a body that is too long.
                var read = await from.ReadAsync(buffer.Bytes.Slice(filled, (int)Math.Min(buffer.Bytes.Length - filled, remaining - copied - filled + 1)), cancellationToken);
                filled += read;
                if (copied + filled > remaining)
                    return ChunkResult.TooLong;
                if (read == 0)
                    return ChunkResult.Kept;
                if (filled == buffer.Bytes.Length || copied + filled >= ImageFormat.SniffLength && time.GetElapsedTime(written) > WriteAfter)
                {
                    var (bytes, took) = (filled, time.GetElapsedTime(written));
                    filled = 0; // before the write: the finally block must not write them again
                    await write(buffer.Bytes[..bytes]);
                    buffer.Pace(took);
                    (copied, written) = (copied + bytes, time.GetTimestamp());
                }

                if (!await permit.YieldAsync(cancellationToken))
                    return ChunkResult.Busy;
            }
        }
        finally
        {
            if (filled > 0 && copied + filled <= remaining)
                await write(buffer.Bytes[..filled]);
        }
    }

    // Not cancelled: bytes that have arrived are kept although the client disconnected.
    private static Task KeepAsync(IUploadLease hold, ReadOnlyMemory<byte> bytes)
    {
        var isStart = hold.State.Offset == 0;
        if (isStart && bytes.Length >= ImageFormat.SniffLength && ImageFormat.Sniff(bytes.Span) is null)
            throw UploadRefusedException.UnsupportedFormat(AcceptedFormats.All);
        return hold.AppendAsync(bytes, CancellationToken.None);
    }
}
