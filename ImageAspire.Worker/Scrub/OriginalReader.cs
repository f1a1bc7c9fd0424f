using System.Buffers;
using System.Security.Cryptography;
using ImageAspire.Core.Diagnostics;
using ImageAspire.Core.Images;
using ImageAspire.Core.Ports;

namespace ImageAspire.Worker.Scrub;

/// <summary>What one read of an original has shown.</summary>
/// <param name="Damage">One of <see cref="OriginalDamage"/>; null when it is as it was uploaded.</param>
/// <param name="Error">The error of the blob store, of <see cref="OriginalDamage.Unreadable"/>.</param>
internal sealed record Reading(string? Damage, Exception? Error = null);

/// <summary>Reads originals at the scrub's pace and compares them with their records.</summary>
internal sealed class OriginalReader(IBlobStore blobs, ReadPace pace, ScrubLease lease)
{
    private const int BytesPerImage = 4 * 1024; // what opening a file costs, about; so a million tiny images have a pace, too

    /// <summary>Reads an original once.</summary>
    public async Task<Reading> ReadAsync(ImageRecord record, CancellationToken cancellationToken)
    {
        await pace.SpendAsync(BytesPerImage, cancellationToken);
        var buffer = ArrayPool<byte>.Shared.Rent(pace.BufferBytes);
        try
        {
            return await ReadAsync(record, buffer.AsMemory(0, pace.BufferBytes), cancellationToken);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private async Task<Reading> ReadAsync(ImageRecord record, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        Stream? original = null;
        try
        {
            if (await OfStoreAsync(async () => original = await blobs.OpenAsync(record.BlobName, 0, null, cancellationToken), cancellationToken) is { } refused)
                return refused;
            if (original is null)
                return new Reading(OriginalDamage.MissingBytes);
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            var (bytes, read) = (0L, 0);
            do
            {
                if (await OfStoreAsync(async () => read = await original.ReadAsync(buffer, cancellationToken), cancellationToken) is { } failed)
                    return failed;
                hash.AppendData(buffer.Span[..read]);
                bytes += read;
                Telemetry.ScrubBytes.Add(read);
                await lease.KeepAsync(cancellationToken);
                await pace.SpendAsync(read, cancellationToken);
            }
            while (read > 0 && bytes <= record.Bytes);

            return new Reading(bytes != record.Bytes ? OriginalDamage.WrongSize
                : Convert.ToHexStringLower(hash.GetHashAndReset()) != record.Sha256 ? OriginalDamage.WrongBytes : null);
        }
        finally
        {
            if (original is not null)
                await original.DisposeAsync();
        }
    }

    // Whatever a store's driver throws at a read: which errors there are depends on the backend.
    private static async Task<Reading?> OfStoreAsync(Func<Task> call, CancellationToken cancellationToken)
    {
        try
        {
            await call();
            return null;
        }
        catch (Exception error) when (!cancellationToken.IsCancellationRequested)
        {
            return new Reading(OriginalDamage.Unreadable, error);
        }
    }
}
