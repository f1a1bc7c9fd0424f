using System.Net;
using System.Net.Sockets;
using ImageAspire.Embedded.Database;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;

namespace ImageAspire.Embedded.Events;

/// <summary>
/// Rings the bell in other processes: one byte by UDP on loopback to every process that has registered a port. A datagram may get
/// lost or come from a stranger; it only means "look", and who hears nothing looks once a second anyway.
/// </summary>
internal sealed partial class CrossProcessNotifier : IDisposable
{
    private static readonly byte[] Byte = [1];
    private readonly Socket? _socket;
    private readonly ChangeSignal _bell;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _stop = new();

    public CrossProcessNotifier(ChangeSignal bell, ILogger logger)
    {
        (_bell, _logger) = (bell, logger);
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

    /// <summary>Where this process listens; 0 when the system gives no socket, and polling is all that remains.</summary>
    public int Port { get; }

    /// <summary>Listens until disposed.</summary>
    public async Task ListenAsync()
    {
        if (_socket is null)
            return;
        var buffer = new byte[16];
        var anyone = new IPEndPoint(IPAddress.Any, 0);
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                await _socket.ReceiveFromAsync(buffer, SocketFlags.None, anyone, _stop.Token);
                _bell.Ring();
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
                _bell.Ring(); // Windows reports a datagram of ours that nobody took; looking once more is harmless
            }
        }
    }

    /// <summary>Rings everywhere. Runs on the writer's thread after a commit, so the list of listeners is never stale.</summary>
    public void RingAll(SqliteSession session)
    {
        _bell.Ring();
        if (_socket is null)
            return;
        try
        {
            foreach (var port in session.Query("SELECT DISTINCT port FROM listeners", row => row.GetInt32(0)))
            {
                if (port != Port && port != 0)
                    Send(port);
            }
        }
        catch (SqliteException error)
        {
            LogNotRung(_logger, error); // the commit stands; listeners look by themselves within a second
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
            _socket!.SendTo(Byte, new IPEndPoint(IPAddress.Loopback, port));
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException)
        {
            // Its owner is gone or its buffer is full; then it looks by itself.
        }
    }

    [LoggerMessage(LogLevel.Warning, "No UDP socket on loopback ({Error}): subscribers look for messages every 50 ms instead of being woken.")]
    private static partial void LogNoSocket(ILogger logger, SocketError error);

    [LoggerMessage(LogLevel.Warning, "The list of listeners cannot be read; other processes see the new messages a little later.")]
    private static partial void LogNotRung(ILogger logger, Exception error);
}
