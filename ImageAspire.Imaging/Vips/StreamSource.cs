using NetVips;

namespace ImageAspire.Imaging.Vips;

/// <summary>
/// Lets libvips read a .NET stream. Cheaper in memory than handing over the whole file, works for every store, and a read that
/// answers "failed" once the token has ended stops any decoder in the middle.
/// </summary>
internal sealed class StreamSource : SourceCustom
{
    private const long Failed = -1;

    private readonly Stream _stream;
    private readonly CancellationToken _cancellation;
    private Exception? _failure;

    public StreamSource(Stream stream, CancellationToken cancellation)
    {
        (_stream, _cancellation) = (stream, cancellation);
        stream.Position = 0;
        OnRead += (buffer, length) => (int)Guard(() => _stream.Read(buffer.AsSpan(0, length)));
        OnSeek += (offset, origin) => Guard(() => Seek(offset, origin));
    }

    /// <summary>After an error of libvips: throws what stopped the reading, if the image is not the cause.</summary>
    /// <exception cref="OperationCanceledException">The token has ended.</exception>
    /// <exception cref="IOException">The stream has failed.</exception>
    public void ThrowIfStopped()
    {
        _cancellation.ThrowIfCancellationRequested();
        if (_failure is not null)
            throw new IOException("The image could not be read from its store.", _failure);
    }

    private long Seek(long offset, SeekOrigin origin)
    {
        var target = origin switch { SeekOrigin.Begin => offset, SeekOrigin.Current => _stream.Position + offset, _ => _stream.Length + offset };
        // Offsets come from the file; one outside of it is an error of the file, not of the stream.
        return target < 0 || target > _stream.Length ? Failed : _stream.Position = target;
    }

    // An exception that crosses native frames ends the process.
    private long Guard(Func<long> action)
    {
        try
        {
            return _cancellation.IsCancellationRequested ? Failed : action();
        }
#pragma warning disable CA1031 // kept, and thrown again on the managed side
        catch (Exception error)
#pragma warning restore CA1031
        {
            _failure ??= error;
            return Failed;
        }
    }
}
