using System.Buffers;
using System.Security.Cryptography;

namespace ImageAspire.Embedded.Files;

/// <summary>Size and digest of a file.</summary>
/// <param name="Bytes">Size.</param>
/// <param name="Sha256">SHA-256, lower-case hexadecimal.</param>
internal sealed record FileDigest(long Bytes, string Sha256);

/// <summary>Computes digests of files, and copies files in the same pass.</summary>
internal static class FileCopy
{
    private const int BufferSize = 256 * 1024;

    /// <summary>The digest of a file; null when the file does not exist, or is no regular one.</summary>
    public static async Task<FileDigest?> DigestAsync(string path, CancellationToken cancellationToken)
    {
        await using var file = RegularFiles.Open(path, buffer: 0);
        return file is null ? null : await ReadAsync(file, Stream.Null, cancellationToken);
    }

    /// <summary>Copies a file; null when the source does not exist, or is no regular file. The copy is durable after <see cref="UnixFiles.SyncFileSystem"/>, or at once where that does nothing.</summary>
    public static async Task<FileDigest?> CopyAsync(string from, string to, CancellationToken cancellationToken)
    {
        await using var source = RegularFiles.Open(from, buffer: 0);
        if (source is null)
            return null;
        await using var target = PrivateFiles.Create(to);
        var digest = await ReadAsync(source, target, cancellationToken);
        await target.FlushAsync(cancellationToken);
        if (!UnixFiles.CanSyncFileSystem)
            RandomAccess.FlushToDisk(target.SafeFileHandle);
        return digest;
    }

    private static async Task<FileDigest> ReadAsync(Stream source, Stream target, CancellationToken cancellationToken)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
        try
        {
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            var bytes = 0L;
            while (await source.ReadAsync(buffer, cancellationToken) is var read and > 0)
            {
                hash.AppendData(buffer, 0, read);
                await target.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
                bytes += read;
            }

            return new FileDigest(bytes, Convert.ToHexStringLower(hash.GetHashAndReset()));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
