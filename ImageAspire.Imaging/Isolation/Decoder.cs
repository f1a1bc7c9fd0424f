using System.Buffers;
using System.Buffers.Binary;
using System.ComponentModel;
using System.Diagnostics;
using System.Text.Json;

namespace ImageAspire.Imaging.Isolation;

/// <summary>
/// One child process that decodes, seen from the Worker. One conversation at a time, on a thread of its own: pipes block, and the
/// thread pool has one thread per core. Whatever goes wrong ends the process; nothing it sends is believed unchecked.
/// </summary>
internal sealed class Decoder : IDisposable
{
    private static readonly TimeSpan PatienceAtTheEnd = TimeSpan.FromSeconds(5);
    private readonly Process _process;
    private readonly Stream _toDecoder;
    private readonly Stream _fromDecoder;
    private readonly StandardErrorTail _errors;
    private DecoderEndReason _end = DecoderEndReason.Crash; // unless somebody ends it

    private Decoder(Process process)
    {
        _process = process;
        _toDecoder = process.StandardInput.BaseStream;
        _fromDecoder = process.StandardOutput.BaseStream;
        _errors = new StandardErrorTail(process.StandardError.BaseStream);
    }

    /// <summary>The system's number for it.</summary>
    public int Id => _process.Id;

    /// <summary>The codec that it found; null for none.</summary>
    public string? Library { get; private set; }

    /// <summary>How many requests it has answered.</summary>
    public int Answers { get; private set; }

    /// <summary>Timestamp of the last return to the pool.</summary>
    public long IdleSince { get; set; }

    /// <summary>Resident memory in bytes; 0 when it is gone.</summary>
    public long Memory
    {
        get
        {
            try
            {
                _process.Refresh();
                return _process.HasExited ? 0 : _process.WorkingSet64;
            }
            catch (Exception error) when (error is InvalidOperationException or Win32Exception or IOException)
            {
                return 0; // ended while it was being looked at
            }
        }
    }

    /// <summary>Whether it has ended.</summary>
    public bool HasExited => _process.HasExited;

    /// <summary>Starts a process and exchanges the first words.</summary>
    /// <exception cref="DecoderFailedException">It ended, or said something else.</exception>
    /// <exception cref="Win32Exception">It cannot be started.</exception>
    public static async Task<Decoder> StartAsync(DecoderCommand command, DecoderSettings settings, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo(command.Program)
        {
            UseShellExecute = false, CreateNoWindow = true, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
            WorkingDirectory = OperatingSystem.IsWindows() ? Environment.SystemDirectory : "/",
        };
        foreach (var argument in command.Arguments)
            start.ArgumentList.Add(argument);
        start.Environment.Clear();
        foreach (var (name, value) in DecoderCommand.EnvironmentOf(Math.Min(256L << 20, settings.MemoryBytes / 2)))
            start.Environment[name] = value;
        var decoder = new Decoder(Process.Start(start)!);
        try
        {
            decoder.Library = await decoder.ConverseAsync(() =>
            {
                Frames.Write(decoder._toDecoder, FrameKind.Hello, JsonSerializer.SerializeToUtf8Bytes(settings, DecoderJson.Default.DecoderSettings));
                var (kind, content) = Frames.Read(decoder._fromDecoder);
                var greeting = kind == FrameKind.Hello ? JsonSerializer.Deserialize(content, DecoderJson.Default.DecoderGreeting) : null;
                return greeting is null ? throw new InvalidDataException($"{kind} instead of Hello.") : DecoderAnswers.Clean(greeting.Library, 300);
            }, cancellationToken);
            return decoder;
        }
        catch
        {
            decoder.Dispose();
            throw;
        }
    }

    /// <summary>Asks, gives it the pieces of the picture that it wants, and takes its answer.</summary>
    /// <param name="kind">What to do.</param>
    /// <param name="request">With what.</param>
    /// <param name="picture">The original; nobody else may use it meanwhile.</param>
    /// <param name="cancellationToken">Ends the process.</param>
    /// <exception cref="DecoderFailedException">It ended, was ended, or said what cannot be.</exception>
    /// <exception cref="IOException">The picture could not be read from its store; the decoder is of no use any more.</exception>
    public async Task<(FrameKind Kind, byte[] Content)> AskAsync(FrameKind kind, DecoderRequest request, Stream picture, CancellationToken cancellationToken)
    {
        var answer = await ConverseAsync(() =>
        {
            Frames.Write(_toDecoder, kind, JsonSerializer.SerializeToUtf8Bytes(request, DecoderJson.Default.DecoderRequest));
            var piece = ArrayPool<byte>.Shared.Rent(Frames.MaxRead);
            try
            {
                while (true)
                {
                    var (said, content) = Frames.Read(_fromDecoder);
                    if (said != FrameKind.Read)
                        return (said, content);
                    Give(picture, content, piece);
                }
            }
            finally
            {
                ArrayPool<byte>.Shared.Return(piece);
            }
        }, cancellationToken);
        Answers++;
        return answer;
    }

    /// <summary>Ends it at once; the first reason stays.</summary>
    public void Kill(DecoderEndReason why)
    {
        Interlocked.CompareExchange(ref _end, why, DecoderEndReason.Crash);
        try
        {
            _process.Kill();
        }
        catch (Exception error) when (error is InvalidOperationException or Win32Exception)
        {
            // It has ended by itself.
        }
    }

    public void Dispose()
    {
        Kill(DecoderEndReason.NotNeeded);
        // The process leaves pipes open that somebody has asked it for. Nobody talks any more; StandardErrorTail closes the third one.
        _toDecoder.Dispose();
        _fromDecoder.Dispose();
        _process.Dispose();
    }

    private void Give(Stream picture, ReadOnlySpan<byte> wanted, byte[] piece)
    {
        if (wanted.Length != 12)
            throw new InvalidDataException($"A wish of {wanted.Length} bytes.");
        var (offset, count) = (BinaryPrimitives.ReadInt64LittleEndian(wanted), BinaryPrimitives.ReadInt32LittleEndian(wanted[8..]));
        if (offset < 0 || count is < 1 or > Frames.MaxRead || offset > picture.Length - count)
            throw new InvalidDataException($"A wish for {count} bytes at {offset}.");
        try
        {
            picture.Position = offset;
            picture.ReadExactly(piece.AsSpan(0, count));
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            throw new StoreReadException(error);
        }

        _toDecoder.Write(piece.AsSpan(0, count));
        _toDecoder.Flush();
    }

    private async Task<T> ConverseAsync<T>(Func<T> talk, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        using var ending = cancellationToken.Register(() => Kill(DecoderEndReason.Canceled));
        try
        {
            return await Task.Factory.StartNew(talk, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        }
        catch (StoreReadException error)
        {
            Kill(DecoderEndReason.NotNeeded); // it waits for bytes that will not come
            throw new IOException("The picture could not be read from its store.", error.InnerException);
        }
        catch (Exception error) when (error is InvalidDataException or JsonException)
        {
            Kill(DecoderEndReason.Nonsense);
            throw await DiedAsync(error);
        }
        catch (IOException error) // a pipe has no other end any more
        {
            throw await DiedAsync(error);
        }
    }

    private async Task<DecoderFailedException> DiedAsync(Exception error)
    {
        using var patience = new CancellationTokenSource(PatienceAtTheEnd);
        try
        {
            await _process.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            Kill(DecoderEndReason.Nonsense); // closed its pipes and lives on
            await _process.WaitForExitAsync(CancellationToken.None);
        }

        return new DecoderFailedException(_end, _process.ExitCode, await _errors.TextAsync(), error);
    }

    private sealed class StoreReadException(Exception inner) : Exception(inner.Message, inner);
}
