using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using ImageAspire.Emulators.Commands;

namespace ImageAspire.Emulators.Wire;

/// <summary>Accepts clients of this machine, up to a number; further ones are closed at once.</summary>
internal sealed class ClientListener : IAsyncDisposable
{
    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly CancellationTokenSource _stopping = new();
    private readonly ConcurrentDictionary<int, Task> _clients = [];
    private readonly int _maxConnections;
    private Task _accepting = Task.CompletedTask;

    /// <summary>Takes a port.</summary>
    /// <param name="port">The port; 0 for any free one.</param>
    /// <param name="maxConnections">Most clients at once.</param>
    /// <exception cref="SocketException">The port is taken.</exception>
    public ClientListener(int port, int maxConnections)
    {
        _maxConnections = maxConnections;
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, port));
        Port = ((IPEndPoint)_listener.LocalEndPoint!).Port;
    }

    /// <summary>The port.</summary>
    public int Port { get; }

    /// <summary>Begins to accept clients.</summary>
    public void Start(CommandRouter router)
    {
        _listener.Listen(512);
        _accepting = AcceptAsync(router);
    }

    /// <summary>Ends all connections. Commands that run are ended first.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        _listener.Dispose();
        await _accepting;
        await Task.WhenAll(_clients.Values);
        _stopping.Dispose();
    }

    private async Task AcceptAsync(CommandRouter router)
    {
        for (var number = 1; !_stopping.IsCancellationRequested; number++)
        {
            try
            {
                var client = await _listener.AcceptAsync(_stopping.Token);
                if (_clients.Count >= _maxConnections)
                    client.Dispose();
                else
                    _clients[number] = ServeAsync(client, number, router);
            }
            catch (Exception error) when (error is OperationCanceledException or SocketException or ObjectDisposedException)
            {
                // The stand-in ends; or this client had gone before it was accepted.
            }
        }
    }

    private async Task ServeAsync(Socket client, int number, CommandRouter router)
    {
        await Task.Yield(); // so that it is in the list before it ends
        try
        {
            await new ClientConnection(client, number, router).ServeAsync(_stopping.Token);
        }
        finally
        {
            _clients.TryRemove(number, out _);
        }
    }
}
