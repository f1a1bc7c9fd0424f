using System.Text;

namespace ImageAspire.Imaging.Isolation;

/// <summary>The last 2,000 bytes of a process's standard error, however much it writes.</summary>
internal sealed class StandardErrorTail
{
    private const int MaxBytes = 2000;
    private static readonly TimeSpan ReadTimeout = TimeSpan.FromSeconds(1);
    private readonly byte[] _buffer = new byte[MaxBytes];
    private readonly Task _reading;
    private long _written;

    /// <summary>Reads until the process ends, on a dedicated thread because reads of a pipe block; then closes the stream.</summary>
    public StandardErrorTail(Stream errors) =>
        _reading = Task.Factory.StartNew(() => Read(errors), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    /// <summary>The text once the stream has ended, as one line without control characters, because it goes into a log.</summary>
    public async Task<string> TextAsync()
    {
        // A grandchild may hold the other end of the pipe open; the text is not worth a longer wait.
        await Task.WhenAny(_reading, Task.Delay(ReadTimeout, CancellationToken.None));
        lock (_buffer)
        {
            var length = (int)Math.Min(_written, MaxBytes);
            var tail = new byte[length];
            for (var i = 0; i < length; i++)
                tail[i] = _buffer[(_written - length + i) % MaxBytes];
            return DecoderResponses.Clean(Encoding.UTF8.GetString(tail), MaxBytes)!;
        }
    }

    private void Read(Stream errors)
    {
        Span<byte> chunk = stackalloc byte[512];
        try
        {
            using (errors)
            {
                int count;
                while ((count = errors.Read(chunk)) > 0)
                {
                    lock (_buffer)
                    {
                        for (var i = 0; i < count; i++)
                            _buffer[_written++ % MaxBytes] = chunk[i];
                    }
                }
            }
        }
        catch (IOException)
        {
            // The process is gone; what was read until then stays.
        }
    }
}
