using System.Buffers;
using System.Security.Cryptography;
using ImageAspire.Embedded.Blobs;

namespace ImageAspire.Embedded.Backup;

/// <summary>A file as it was read.</summary>
/// <param name="Bytes">Its size.</param>
/// <param name="Sha256">Its digest, lower-case hexadecimal.</param>
internal sealed record FileDigest(long Bytes, string Sha256);

/// <summary>Reads files to their end: to know their digest, and to copy them on the way.</summary>
internal static class FileCopy
{
    private const int Piece = 256 * 1024;

    /// <summary>The digest of a file; null when there is none.</summary>
    public static async Task<FileDigest?> DigestAsync(string path, CancellationToken cancellationToken)
    {
        await using var file = Open(path);
        return file is null ? null : await ReadAsync(file, Stream.Null, cancellationToken);
    }

    /// <summary>Copies a file; null when there is none. Durable after <see cref="UnixFiles.SyncFileSystem"/>, or when it returns where there is no such thing.</summary>
    public static async Task<FileDigest?> CopyAsync(string from, string to, CancellationToken cancellationToken)
    {
        await using var source = Open(from);
        if (source is null)
            return null;
        await using var target = PrivateFiles.Create(to);
        var digest = await ReadAsync(source, target, cancellationToken);
        await target.FlushAsync(cancellationToken);
        if (!UnixFiles.CanSyncFileSystem)
            RandomAccess.FlushToDisk(target.SafeFileHandle);
        return digest;
    }

    private static FileStream? Open(string path)
    {
        try
        {
            return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, bufferSize: 0, FileOptions.SequentialScan);
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    private static async Task<FileDigest> ReadAsync(Stream source, Stream target, CancellationToken cancellationToken)
    {
        var piece = ArrayPool<byte>.Shared.Rent(Piece);
        try
        {
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            var bytes = 0L;
            while (await source.ReadAsync(piece, cancellationToken) is var read and > 0)
            {
                hash.AppendData(piece, 0, read);
                await target.WriteAsync(piece.AsMemory(0, read), cancellationToken);
                bytes += read;
            }

            return new FileDigest(bytes, Convert.ToHexStringLower(hash.GetHashAndReset()));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(piece);
        }
    }
}
