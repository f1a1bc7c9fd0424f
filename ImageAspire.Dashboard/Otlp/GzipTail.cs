using System.Buffers.Binary;

namespace ImageAspire.Dashboard.Otlp;

/// <summary>
/// Passes compressed bytes on and remembers the last ones. <see cref="System.IO.Compression.GZipStream"/> takes a body that was cut off for one that has
/// ended; the length that gzip writes at the very end (RFC 1952, ISIZE) tells.
/// </summary>
/// <param name="from">The compressed bytes.</param>
internal sealed class GzipTail(Stream from) : Stream
{
    private const int SizeBytes = 4;

    private readonly byte[] _last = new byte[SizeBytes];
    private long _read;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => _read; set => throw new NotSupportedException(); }

    /// <summary>Whether what has come is one whole gzip file that decompresses to so many bytes.</summary>
    public bool IsWhole(int length) => _read > SizeBytes && BinaryPrimitives.ReadUInt32LittleEndian(_last) == (uint)length;

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var read = await from.ReadAsync(buffer, cancellationToken);
        Remember(buffer.Span[..read]);
        return read;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("Only asynchronously.");

    public override void Flush() => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    private void Remember(ReadOnlySpan<byte> bytes)
    {
        _read += bytes.Length;
        var kept = SizeBytes - Math.Min(bytes.Length, SizeBytes);
        _last.AsSpan(SizeBytes - kept).CopyTo(_last);
        bytes[Math.Max(0, bytes.Length - SizeBytes)..].CopyTo(_last.AsSpan(kept));
    }
}
