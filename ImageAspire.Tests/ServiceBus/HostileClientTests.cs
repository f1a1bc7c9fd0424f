using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text;
using Azure.Messaging.ServiceBus;

namespace ImageAspire.Tests.ServiceBus;

/// <summary>Bytes that no client sends, on both ports of an emulator in a process of its own: it stays, its memory too, and it serves the others.</summary>
[Trait("Category", "Slow")]
public sealed class HostileClientTests(ITestOutputHelper output) : IAsyncLifetime
{
    private const int Connections = 10_000, AtOnce = 50;
    private const string Queue = "q";
    private readonly string _folder = Directory.CreateTempSubdirectory("servicebus-hostile-").FullName;
    private readonly int _amqp = Ports.Free(), _administration = Ports.Free();
    private EmulatorProcess _emulator = null!;

    public async ValueTask InitializeAsync()
    {
        var config = Path.Combine(_folder, "Config.json");
        await File.WriteAllTextAsync(config, $$"""{ "UserConfig": { "Namespaces": [ { "Queues": [ { "Name": "{{Queue}}" } ] } ] } }""");
        _emulator = await EmulatorProcess.StartAsync(_folder, config, _amqp, _administration);
    }

    public async ValueTask DisposeAsync()
    {
        await _emulator.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task ConversationOfTheTests_IsAGoodOne()
    {
        // Without the answer to its transfer the mutations below would be of something that never got anywhere.
        await TalkAsync();
    }

    [Fact]
    public async Task GarbageAndMutatedFrames_OthersAreServed_MemoryIsBounded()
    {
        var seed = Random.Shared.Next(1_000_000);
        output.WriteLine($"seed {seed}");
        var good = HostileBytes.Conversation(Queue);
        var http = Encoding.ASCII.GetBytes("PUT /x HTTP/1.1\r\nHost: localhost\r\nContent-Length: 60\r\n\r\n<entry xmlns='http://www.w3.org/2005/Atom'><content/></entry>");
        await using var client = new ServiceBusClient($"Endpoint=sb://localhost:{_amqp};SharedAccessKeyName=RootManageSharedAccessKey;SharedAccessKey=SAS_KEY_VALUE;UseDevelopmentEmulator=true;");
        var (served, stop) = (0, false);
        var serving = Task.Run(async () =>
        {
            await using var sender = client.CreateSender(Queue);
            for (; !Volatile.Read(ref stop); served++)
                await sender.SendMessageAsync(new ServiceBusMessage("x"));
        });

        await Parallel.ForAsync(0, Connections, new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (i, _) =>
        {
            var random = new Random(HashCode.Combine(seed, i));
            switch (i % 10)
            {
                case 0:
                    await SendAndCutAsync(_administration, HostileBytes.Mutate(random, http));
                    break;
                case < 3:
                    await SendAndCutAsync(_amqp, HostileBytes.Garbage(random));
                    break;
                default:
                    await SendAndCutAsync(_amqp, HostileBytes.Mutate(random, good));
                    break;
            }
        });

        Volatile.Write(ref stop, true);
        await serving;
        output.WriteLine($"{served} messages sent meanwhile, {_emulator.PeakBytes >> 20} MB");
        served.ShouldBeGreaterThan(0);
        _emulator.PeakBytes.ShouldBeLessThan(400L << 20);
        await Eventually.TrueAsync(async () => await OpenConnectionsAsync() <= 1);
    }

    [Fact]
    public async Task DeepAndHugeValues_EndTheirConnectionOnly()
    {
        foreach (var frame in new[] { HostileBytes.NestedFrame(60_000), HostileBytes.NestedDescriptors(60_000), HostileBytes.HugeArray() })
        {
            await SendAndCutAsync(_amqp, [.. HostileBytes.Opening(), .. frame]);
            (await OpenConnectionsAsync()).ShouldBe(0);
        }
    }

    [Fact]
    public async Task MessagesWithoutEnd_BeyondTheLimitOfAConnection_EndIt()
    {
        using var socket = new TcpClient();
        await socket.ConnectAsync(IPAddress.Loopback, _amqp);
        var reading = ReadToEndAsync(socket.GetStream());

        try
        {
            foreach (var bytes in HostileBytes.MessagesWithoutEnd(Queue, 120))
                await socket.GetStream().WriteAsync(bytes);
        }
        catch (IOException)
        {
            // It was closed in the middle.
        }

        await reading;
        (await OpenConnectionsAsync()).ShouldBe(0);
        _emulator.PeakBytes.ShouldBeLessThan(400L << 20);
        await TalkAsync();
    }

    [Fact]
    public async Task HalfOpenConnections_AreClosedInTime_OthersAreServed()
    {
        var sockets = new List<TcpClient>();
        foreach (var start in new byte[][] { [], [.. "AMQ"u8], [.. "AMQP"u8, 3, 1, 0, 0], HostileBytes.Opening()[..40] })
        {
            for (var i = 0; i < 50; i++)
            {
                var socket = new TcpClient();
                await socket.ConnectAsync(IPAddress.Loopback, _amqp);
                await socket.GetStream().WriteAsync(start);
                sockets.Add(socket);
            }
        }

        await TalkAsync();
        foreach (var socket in sockets)
        {
            // Ends when the other side closes.
            await ReadToEndAsync(socket.GetStream());
            socket.Dispose();
        }
    }

    private async Task<int> OpenConnectionsAsync()
    {
        using var http = new HttpClient();
        using var report = System.Text.Json.JsonDocument.Parse(await http.GetStringAsync($"http://localhost:{_administration}/health"));
        return report.RootElement.GetProperty("connections").GetInt32();
    }

    private static async Task SendAndCutAsync(int port, byte[] bytes)
    {
        try
        {
            using var socket = new TcpClient();
            await socket.ConnectAsync(IPAddress.Loopback, port);
            var stream = socket.GetStream();
            await stream.WriteAsync(bytes);
            socket.Client.Shutdown(SocketShutdown.Send);
            await ReadToEndAsync(stream);
        }
        catch (Exception error) when (error is IOException or SocketException)
        {
            // The other side had enough: that is its right.
        }
    }

    // Until the transfer is accepted.
    private async Task TalkAsync()
    {
        using var socket = new TcpClient();
        await socket.ConnectAsync(IPAddress.Loopback, _amqp);
        await socket.GetStream().WriteAsync(HostileBytes.Conversation(Queue));
        var (answer, part) = (new List<byte>(), new byte[4_096]);
        do
        {
            var read = await socket.GetStream().ReadAsync(part);
            read.ShouldBePositive();
            answer.AddRange(part.AsSpan(0, read));
        }
        while (CollectionsMarshal.AsSpan(answer).IndexOf((ReadOnlySpan<byte>)[0x00, 0x53, 0x24]) < 0);
    }

    private static async Task ReadToEndAsync(NetworkStream stream)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        try
        {
            await stream.CopyToAsync(Stream.Null, patience.Token);
        }
        catch (IOException)
        {
            // A reset is an end, too.
        }
    }
}
