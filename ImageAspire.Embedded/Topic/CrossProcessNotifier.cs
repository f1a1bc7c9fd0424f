using System.Net;
using System.Net.Sockets;
using ImageAspire.Embedded.Sqlite;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;

namespace ImageAspire.Embedded.Topic;

/// <summary>
/// Notifies other processes: one byte by UDP on loopback to every process that has registered a port. A datagram may be lost or come
/// from a stranger. It only means "look", and a process that receives none looks once a second anyway.
/// </summary>
internal sealed partial class CrossProcessNotifier : IDisposable
{
    private static readonly byte[] Datagram = [1];
    private readonly Socket? _socket;
    private readonly ChangeSignal _signal;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _stop = new();

    public CrossProcessNotifier(ChangeSignal signal, ILogger logger)
    {
        (_signal, _logger) = (signal, logger);
        try
        {
            _socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
            _socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
            Port = ((IPEndPoint)_socket.LocalEndPoint!).Port;
        }
        catch (SocketException error)
        {
            _socket?.Dispose();
            _socket = null;
            LogNoSocket(logger, error.SocketErrorCode);
        }
    }

    /// <summary>The UDP port of this process; 0 when the system provides no socket and only polling remains.</summary>
    public int Port { get; }

    /// <summary>Listens until disposed.</summary>
    public async Task ListenAsync()
    {
        if (_socket is null)
            return;
        var buffer = new byte[16];
        var anySender = new IPEndPoint(IPAddress.Any, 0);
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                await _socket.ReceiveFromAsync(buffer, SocketFlags.None, anySender, _stop.Token);
                _signal.Raise();
            }
            catch (OperationCanceledException)
            {
                return;
            }
            catch (ObjectDisposedException)
            {
                return;
            }
            catch (SocketException)
            {
                _signal.Raise(); // Windows reports an earlier datagram of ours that had no receiver; one more look is harmless
            }
        }
    }

    /// <summary>Notifies this process and all others. Runs on the writer's thread after a commit, so the list of listeners is never stale.</summary>
    public void NotifyAll(SqliteSession session)
    {
        _signal.Raise();
        if (_socket is null)
            return;
        try
        {
            foreach (var port in Listeners.Ports(session))
            {
                if (port != Port && port != 0)
                    Send(port);
            }
        }
        catch (SqliteException error)
        {
            LogNotNotified(_logger, error); // the commit stands; listeners look by themselves within a second
        }
    }

    public void Dispose()
    {
        _stop.Cancel();
        _socket?.Dispose();
        _stop.Dispose();
    }

    private void Send(int port)
    {
        try
        {
            _socket!.SendTo(Datagram, new IPEndPoint(IPAddress.Loopback, port));
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException)
        {
            // The receiver has ended or its buffer is full; it looks by itself.
        }
    }

    [LoggerMessage(LogLevel.Warning, "No UDP socket on loopback ({Error}): subscribers poll for messages every 50 ms.")]
    private static partial void LogNoSocket(ILogger logger, SocketError error);

    [LoggerMessage(LogLevel.Warning, "The list of listeners cannot be read; other processes see the new messages up to a second later.")]
    private static partial void LogNotNotified(ILogger logger, Exception error);
}
