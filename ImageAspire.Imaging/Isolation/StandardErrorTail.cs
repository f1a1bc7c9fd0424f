using System.Text;

namespace ImageAspire.Imaging.Isolation;

/// <summary>The last 2,000 characters that a process wrote on standard error. It may write without end; nobody keeps more.</summary>
internal sealed class StandardErrorTail
{
    private const int Most = 2000;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);
    private readonly byte[] _ring = new byte[Most];
    private readonly Task _reading;
    private long _written;

    /// <summary>Reads until the process ends, on a thread of its own: a read of a pipe blocks, for as long as nothing is said. Closes the stream.</summary>
    public StandardErrorTail(Stream errors) =>
        _reading = Task.Factory.StartNew(() => Read(errors), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    /// <summary>What there is when the stream has ended: one line, control characters left out, because it goes into a log.</summary>
    public async Task<string> TextAsync()
    {
        // Somebody else may hold the other end of the pipe; the text is not worth waiting for.
        await Task.WhenAny(_reading, Task.Delay(Patience));
        lock (_ring)
        {
            var length = (int)Math.Min(_written, Most);
            var tail = new byte[length];
            for (var i = 0; i < length; i++)
                tail[i] = _ring[(_written - length + i) % Most];
            return DecoderAnswers.Clean(Encoding.UTF8.GetString(tail), Most)!;
        }
    }

    private void Read(Stream errors)
    {
        Span<byte> buffer = stackalloc byte[512];
        try
        {
            using (errors)
            {
                int count;
                while ((count = errors.Read(buffer)) > 0)
                {
                    lock (_ring)
                    {
                        for (var i = 0; i < count; i++)
                            _ring[_written++ % Most] = buffer[i];
                    }
                }
            }
        }
        catch (IOException)
        {
            // The process is gone; what was read is what there is.
        }
    }
}
