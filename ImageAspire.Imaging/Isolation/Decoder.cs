using System.Text.Json;
using ImageAspire.Core.Ports;

namespace ImageAspire.Imaging.Isolation;

/// <summary>
/// A decoder process and the connection to it. It takes one call at a time, on a dedicated thread: pipes block, and the thread pool has one
/// thread per core. After every error but a refusal of the image the process has ended.
/// </summary>
internal sealed class Decoder : IDisposable
{
    private readonly DecoderProcess _process;
    private readonly DecoderConnection _connection;

    private Decoder(DecoderProcess process) => (_process, _connection) = (process, new DecoderConnection(process.Input, process.Output));

    /// <summary>Id of the process.</summary>
    public int Id => _process.Id;

    /// <summary>The codec that it found.</summary>
    public DecoderGreeting Greeting { get; private set; } = new(null);

    /// <summary>How many calls it has answered.</summary>
    public int AnswerCount { get; private set; }

    /// <summary>Resident memory; 0 when it has exited.</summary>
    public long MemoryBytes => _process.MemoryBytes;

    /// <summary>Whether it can take a call.</summary>
    public bool IsReady => _process.Lifecycle.State == DecoderState.Idle && !_process.HasExited;

    /// <exception cref="DecoderFailedException">The process ended or broke the protocol.</exception>
    /// <exception cref="System.ComponentModel.Win32Exception">The process cannot be started.</exception>
    public static async Task<Decoder> StartAsync(DecoderCommand command, DecoderSettings settings, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var decoder = new Decoder(DecoderProcess.Start(command, settings.MemoryBytes));
        try
        {
            decoder.Greeting = await decoder.RunAsync(() => decoder._connection.Handshake(settings), cancellationToken);
            decoder._process.Lifecycle.MarkReady();
            return decoder;
        }
        catch
        {
            decoder.Dispose();
            throw;
        }
    }

    /// <summary>Makes one request.</summary>
    /// <param name="request">What is asked.</param>
    /// <param name="image">The original; used by the decoder alone until the call ends.</param>
    /// <param name="parse">Checks and converts the answer; throws <see cref="InvalidDataException"/> for an impossible one.</param>
    /// <param name="cancellationToken">Ends the process.</param>
    /// <exception cref="DecoderFailedException">The process ended, was ended, or gave an impossible answer.</exception>
    /// <exception cref="IOException">The image could not be read from its store.</exception>
    public async Task<T> RequestAsync<T>(DecoderRequest request, Stream image, Func<Frame, T> parse, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        _process.Lifecycle.BeginRequest();
        try
        {
            var result = await RunAsync(() => parse(_connection.Exchange(request, image)), cancellationToken);
            Complete();
            return result;
        }
        catch (UnusableImageException)
        {
            Complete(); // a refusal is an answer, too
            throw;
        }
        catch
        {
            End(DecoderEndReason.Discarded);
            throw;
        }
    }

    /// <summary>Kills the process; the first reason counts.</summary>
    public void End(DecoderEndReason reason) => _process.End(reason);

    public void Dispose() => _process.Dispose();

    private void Complete()
    {
        AnswerCount++;
        _process.Lifecycle.CompleteRequest();
    }

    private async Task<T> RunAsync<T>(Func<T> exchange, CancellationToken cancellationToken)
    {
        using var registration = cancellationToken.Register(() => End(DecoderEndReason.Canceled));
        try
        {
            return await Task.Factory.StartNew(exchange, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        }
        catch (ImageReadException error)
        {
            throw new IOException("The image could not be read from its store.", error.InnerException);
        }
        catch (Exception error) when (error is InvalidDataException or JsonException)
        {
            End(DecoderEndReason.InvalidAnswer);
            throw await _process.FailureAsync(error);
        }
        catch (IOException error) // the pipe is broken
        {
            throw await _process.FailureAsync(error);
        }
    }
}
