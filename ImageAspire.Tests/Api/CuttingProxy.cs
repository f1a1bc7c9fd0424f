using System.Net;
using System.Net.Sockets;

namespace ImageAspire.Tests.Api;

/// <summary>A way to the Api that breaks: connections on which a client has sent so many bytes are cut, a number of times; then it is a good one.</summary>
internal sealed class CuttingProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _ended = new();
    private readonly Uri _target;
    private readonly long _after;
    private readonly Task _accepting;
    private int _cutsLeft;
    private int _cuts;

    /// <param name="target">Where it leads.</param>
    /// <param name="after">Bytes of a client after which its connection is cut.</param>
    /// <param name="cuts">How often.</param>
    public CuttingProxy(Uri target, long after, int cuts)
    {
        (_target, _after, _cutsLeft) = (target, after, cuts);
        _listener.Start();
        Address = new Uri($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}");
        _accepting = AcceptAsync();
    }

    public Uri Address { get; }

    /// <summary>How many connections it has cut.</summary>
    public int Cuts => Volatile.Read(ref _cuts);

    public async ValueTask DisposeAsync()
    {
        await _ended.CancelAsync();
        _listener.Stop();
        await _accepting;
        _ended.Dispose();
    }

    private async Task AcceptAsync()
    {
        var connections = new List<Task>();
        try
        {
            while (true)
                connections.Add(ServeAsync(await _listener.AcceptTcpClientAsync(_ended.Token)));
        }
        catch (Exception error) when (error is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            await Task.WhenAll(connections);
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using var _ = client;
        using var server = new TcpClient();
        try
        {
            await server.ConnectAsync(_target.Host, _target.Port, _ended.Token);
            using var over = CancellationTokenSource.CreateLinkedTokenSource(_ended.Token);
            var up = CopyAsync(client, server, cut: true, over);
            var down = CopyAsync(server, client, cut: false, over);
            await Task.WhenAll(up, down);
        }
        catch (Exception error) when (error is IOException or SocketException or OperationCanceledException)
        {
            // One side has gone; the other one is closed with it.
        }
    }

    private async Task CopyAsync(TcpClient from, TcpClient to, bool cut, CancellationTokenSource over)
    {
        var (buffer, copied) = (new byte[64 * 1024], 0L);
        try
        {
            while (await from.GetStream().ReadAsync(buffer, over.Token) is var read and > 0)
            {
                await to.GetStream().WriteAsync(buffer.AsMemory(0, read), over.Token);
                if (!cut || (copied += read) < _after || Interlocked.Decrement(ref _cutsLeft) < 0)
                    continue;
                Interlocked.Increment(ref _cuts);
                return;
            }
        }
        finally
        {
            await over.CancelAsync();
        }
    }
}
