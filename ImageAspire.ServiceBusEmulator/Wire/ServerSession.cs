using Microsoft.Azure.Amqp;
using Microsoft.Azure.Amqp.Framing;

namespace ImageAspire.ServiceBusEmulator.Wire;

/// <summary>A session of a connection; counts the bytes of messages that arrive in parts.</summary>
internal sealed class ServerSession : AmqpSession
{
    private readonly ServerConnection _connection;
    private readonly Dictionary<uint, long> _parts = [];

    public ServerSession(ServerConnection connection, AmqpSessionSettings settings, ILinkFactory links) : base(connection, settings, links)
    {
        _connection = connection;
        Closed += (_, _) => Forget();
    }

    public override void ProcessFrame(Frame frame)
    {
        // Called by one thread at a time, the one that reads the connection.
        switch (frame.Command)
        {
            case Transfer transfer when transfer.Handle is { } handle && transfer.More():
                if (!TryCount(frame.Payload.Count))
                    return;
                lock (_parts)
                    _parts[handle] = _parts.GetValueOrDefault(handle) + frame.Payload.Count;
                break;
            case Transfer transfer when transfer.Handle is { } handle:
                Forget(handle); // it is whole: from here on it counts until it is answered (IncomingLink)
                break;
            case Detach detach when detach.Handle is { } handle:
                Forget(handle);
                break;
        }

        base.ProcessFrame(frame);
    }

    private bool TryCount(int bytes)
    {
        try
        {
            _connection.CountReceived(bytes);
            return true;
        }
        catch (AmqpException error)
        {
            _connection.SafeClose(error);
            return false;
        }
    }

    private void Forget(uint handle)
    {
        lock (_parts)
        {
            if (_parts.Remove(handle, out var bytes))
                _connection.CountReceived(-bytes);
        }
    }

    private void Forget()
    {
        lock (_parts)
        {
            _connection.CountReceived(-_parts.Values.Sum());
            _parts.Clear();
        }
    }
}
