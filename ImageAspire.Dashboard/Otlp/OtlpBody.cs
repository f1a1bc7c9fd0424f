using System.Buffers;
using System.IO.Compression;
using Microsoft.AspNetCore.Http;

namespace ImageAspire.Dashboard.Otlp;

/// <summary>The bytes of a request, decompressed; they go back to the pool when it is disposed.</summary>
internal sealed class OtlpBody : IDisposable
{
    private const int FirstBuffer = 64 * 1024;

    // Not the shared pool, which keeps many buffers of every size for ever: bodies of more than a mebibyte are rare.
    private static readonly ArrayPool<byte> Buffers = ArrayPool<byte>.Create(maxArrayLength: 1 << 20, maxArraysPerBucket: 4);

    private readonly IntakeMemory _memory;
    private byte[] _buffer = [];
    private int _length;

    private OtlpBody(IntakeMemory memory) => _memory = memory;

    public ReadOnlyMemory<byte> Bytes => _buffer.AsMemory(0, _length);

    /// <summary>Receives a body. The limit holds for what comes out of gzip, while it comes.</summary>
    /// <exception cref="RequestTooLargeException">It is larger than that.</exception>
    /// <exception cref="IntakeBusyException">Other bodies take all the memory.</exception>
    /// <exception cref="MalformedRequestException">It is no gzip, or not all of it.</exception>
    public static async Task<OtlpBody> ReceiveAsync(HttpRequest request, bool isGzip, int maxBytes, IntakeMemory memory, CancellationToken cancellationToken)
    {
        var body = new OtlpBody(memory);
        try
        {
            if (!isGzip)
            {
                await body.ReadAsync(request.Body, maxBytes, cancellationToken);
                return body;
            }

            await using var packed = new GzipTail(request.Body);
            await using var plain = new GZipStream(packed, CompressionMode.Decompress, leaveOpen: true);
            await body.ReadAsync(plain, maxBytes, cancellationToken);
            await packed.CopyToAsync(Stream.Null, cancellationToken);
            return packed.IsWhole(body._length) ? body : throw new InvalidDataException("The end is missing.");
        }
        catch (InvalidDataException error)
        {
            body.Dispose();
            throw new MalformedRequestException("The body is not gzip, not all of it, or more than one file.", error);
        }
        catch
        {
            body.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        if (_buffer.Length > 0)
            Buffers.Return(_buffer);
        _memory.Return(_buffer.Length);
        (_buffer, _length) = ([], 0);
    }

    private async Task ReadAsync(Stream from, int maxBytes, CancellationToken cancellationToken)
    {
        int read;
        do
        {
            if (_length == _buffer.Length && _length < maxBytes)
                Grow(maxBytes);
            // One byte beyond the limit is enough to know, and needs no larger buffer.
            var free = _length < maxBytes ? _buffer.AsMemory(_length, Math.Min(_buffer.Length, maxBytes) - _length) : new byte[1];
            read = await from.ReadAsync(free, cancellationToken);
            _length += read;
            if (_length > maxBytes)
                throw new RequestTooLargeException($"The body is larger than {maxBytes} bytes after decompression.");
        }
        while (read > 0);
    }

    // As the bytes come: what a header says about the length costs nothing.
    private void Grow(int maxBytes)
    {
        var larger = Buffers.Rent((int)Math.Min(Math.Max(FirstBuffer, _buffer.Length * 2L), maxBytes));
        if (!_memory.TryTake(larger.Length))
        {
            Buffers.Return(larger);
            throw new IntakeBusyException();
        }

        _buffer.AsSpan(0, _length).CopyTo(larger);
        var length = _length;
        Dispose();
        (_buffer, _length) = (larger, length);
    }
}

/// <summary>Other requests take all the memory that there is for bodies.</summary>
internal sealed class IntakeBusyException() : Exception("Too many requests are being received. Send it again later.");

/// <summary>Memory for the bodies of all requests that are being received.</summary>
/// <param name="bytes">How much.</param>
internal sealed class IntakeMemory(long bytes)
{
    private long _free = bytes;

    public bool TryTake(long count)
    {
        if (Interlocked.Add(ref _free, -count) >= 0)
            return true;
        Return(count);
        return false;
    }

    public void Return(long count) => Interlocked.Add(ref _free, count);
}
