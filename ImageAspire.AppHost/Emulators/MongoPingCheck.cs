using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace ImageAspire.AppHost.Emulators;

/// <summary>Sends a ping to a MongoDB server on this machine and waits for its answer: one that listens may still start, or hang.</summary>
/// <param name="port">Its port.</param>
internal sealed class MongoPingCheck(int port) : IHealthCheck
{
    private const int HeaderBytes = 16;
    private const int OpMsg = 2013;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(4);

    // A message with the document { ping: 1, $db: "admin" }: mongodb.com/docs/manual/reference/mongodb-wire-protocol ("OP_MSG").
    private static readonly byte[] Ping =
    [
        51, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0xDD, 0x07, 0, 0, // length, id, what it answers, OP_MSG
        0, 0, 0, 0, 0, // no flags; one document
        30, 0, 0, 0, 0x10, .. "ping\0"u8, 1, 0, 0, 0, 0x02, .. "$db\0"u8, 6, 0, 0, 0, .. "admin\0"u8, 0,
    ];

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Patience);
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync(IPAddress.Loopback, port, limit.Token);
            var stream = client.GetStream();
            await stream.WriteAsync(Ping, limit.Token);
            var header = new byte[HeaderBytes];
            await stream.ReadExactlyAsync(header, limit.Token);
            return BinaryPrimitives.ReadInt32LittleEndian(header.AsSpan(12)) == OpMsg ? HealthCheckResult.Healthy() : HealthCheckResult.Unhealthy("It is no MongoDB.");
        }
        catch (SocketException)
        {
            return HealthCheckResult.Unhealthy("It does not listen.");
        }
        catch (IOException)
        {
            return HealthCheckResult.Unhealthy("It closes the connection.");
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return HealthCheckResult.Unhealthy($"No answer within {Patience.TotalSeconds:0} s.");
        }
    }
}
