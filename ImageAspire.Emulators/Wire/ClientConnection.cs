using System.Net.Sockets;
using ImageAspire.Emulators.Commands;
using ImageAspire.Emulators.Values;

namespace ImageAspire.Emulators.Wire;

/// <summary>One client's connection: a command and its answer after the other.</summary>
/// <param name="client">The client.</param>
/// <param name="number">Its number.</param>
/// <param name="router">Runs the commands.</param>
internal sealed class ClientConnection(Socket client, int number, CommandRouter router)
{
    /// <summary>Serves the client until it or the stand-in ends. What is no message ends the connection, as on a server.</summary>
    public async Task ServeAsync(CancellationToken cancellationToken)
    {
        client.NoDelay = true;
        await using var stream = new NetworkStream(client, ownsSocket: true);
        try
        {
            while (await WireReader.ReadAsync(stream, cancellationToken) is { } message)
            {
                if (await AnswerAsync(message, cancellationToken) is not { } answer)
                    return;
                if (message.WantsAnswer)
                    await stream.WriteAsync(answer, cancellationToken);
            }
        }
        catch (Exception error) when (error is IOException or SocketException or InvalidDataException or OperationCanceledException)
        {
            // The client has gone, has sent what is no message, or the stand-in ends.
        }
    }

    private async Task<byte[]?> AnswerAsync(WireMessage message, CancellationToken cancellationToken)
    {
        if (message.IsLegacy && message.Command.ElementCount > 0 && message.Command.GetElement(0).Name is not ("hello" or "isMaster" or "ismaster"))
        {
            var refused = new CommandException(ErrorCode.UnsupportedOpQueryCommand, "Unsupported OP_QUERY command: the client driver may require an upgrade.");
            return WireWriter.Write(Answers.Refused(refused, new CommandContext("", message.Command, number)), message);
        }

        return await router.RunAsync(message.Command, number, cancellationToken) is { } answer ? WireWriter.Write(answer, message) : null;
    }
}
