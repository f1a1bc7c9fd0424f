using System.Security.Cryptography;
using ImageAspire.Core.Errors;
using ImageAspire.Core.Images;
using ImageAspire.Core.Ports;

namespace ImageAspire.Core.Pipeline;

/// <summary>
/// An original that is read from the blob store once, from the first to the last byte, and compared with its record before anything looks at
/// it. What the store has as a file of this machine is read where it is; what comes from elsewhere is kept while it is needed: little in
/// memory, more in a temporary file.
/// </summary>
internal static class VerifiedOriginal
{
    private const int MostInMemory = 4 << 20;
    private const int Buffer = 64 << 10;

    /// <summary>Reads the original of a record.</summary>
    /// <returns>At its beginning; can seek.</returns>
    /// <exception cref="PermanentFailureException">The bytes are missing, or are not those that were uploaded.</exception>
    public static async Task<Stream> OpenAsync(IBlobStore blobs, ImageRecord record, CancellationToken cancellationToken)
    {
        var stored = await blobs.OpenAsync(record.BlobName, 0, null, cancellationToken)
            ?? throw Unavailable("are missing from the blob store");
        if (stored is FileStream)
        {
            await OrDisposeAsync(stored, () => ReadAsync(stored, null, record, cancellationToken));
            return stored;
        }

        await using (stored)
        {
            var kept = record.Bytes <= MostInMemory ? new MemoryStream((int)record.Bytes) : (Stream)TemporaryFile.Create();
            await OrDisposeAsync(kept, () => ReadAsync(stored, kept, record, cancellationToken));
            return kept;
        }
    }

    // Bytes that have changed in the store are not the fault of the file, and must not be taken for what it looks like.
    private static async Task ReadAsync(Stream stored, Stream? kept, ImageRecord record, CancellationToken cancellationToken)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new byte[Buffer];
        var bytes = 0L;
        for (int read; bytes <= record.Bytes && (read = await stored.ReadAsync(buffer, cancellationToken)) > 0; bytes += read)
        {
            hash.AppendData(buffer, 0, read);
            if (kept is not null && bytes + read <= record.Bytes)
                await kept.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
        }

        if (bytes != record.Bytes || Convert.ToHexStringLower(hash.GetHashAndReset()) != record.Sha256)
            throw Unavailable("in the blob store are not those that were uploaded");
        (kept ?? stored).Position = 0;
    }

    private static async Task OrDisposeAsync(Stream stream, Func<Task> work)
    {
        try
        {
            await work();
        }
        catch
        {
            await stream.DisposeAsync();
            throw;
        }
    }

    private static PermanentFailureException Unavailable(string what) =>
        new(FailureCodes.ContentUnavailable, $"The bytes of this image {what}. Upload the file again.");
}
