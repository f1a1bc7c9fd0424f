using System.Globalization;
using Azure.Messaging.ServiceBus;

namespace ImageAspire.Tests.ServiceBus;

/// <summary>
/// The durable emulator is killed again and again while clients send and complete. What was acknowledged is there afterwards, and what was completed is not.
/// <c>IMAGEASPIRE_TEST_SERVICEBUS_KILLS</c> is how often; without it as often as fits into 45 seconds, 10 times at least. <c>IMAGEASPIRE_TEST_SERVICEBUS_SEED</c> repeats a run's moments.
/// </summary>
[Trait("Category", "Slow")]
public sealed class EmulatorCrashTests(ITestOutputHelper output) : IDisposable
{
    private const string Queue = "q";
    private const int Fewest = 10;
    private static readonly TimeSpan Budget = TimeSpan.FromSeconds(45);
    private readonly string _folder = Directory.CreateTempSubdirectory("servicebus-crash-").FullName;
    private readonly CrashOracle _oracle = new();
    private readonly CancellationTokenSource _stop = new();
    private int _number;

    public void Dispose()
    {
        _stop.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task Kills_LoseNothingAcknowledged_AndBringNothingCompletedBack()
    {
        var (wanted, seed) = (Number("IMAGEASPIRE_TEST_SERVICEBUS_KILLS", 0), Number("IMAGEASPIRE_TEST_SERVICEBUS_SEED", Random.Shared.Next(1_000_000)));
        output.WriteLine($"seed {seed}");
        var random = new Random(seed);
        var config = Path.Combine(_folder, "Config.json");
        await File.WriteAllTextAsync(config, $$"""{ "UserConfig": { "Namespaces": [ { "Queues": [ { "Name": "{{Queue}}", "Properties": { "LockDuration": "PT2S", "MaxDeliveryCount": 2000 } } ] } ] } }""");
        var (amqp, administration) = (Ports.Free(), Ports.Free());
        var clients = Enumerable.Range(0, 3).Select(_ => SendAsync(amqp)).Concat(Enumerable.Range(0, 3).Select(_ => CompleteAsync(amqp))).ToArray();

        var (kills, began) = (0, TimeProvider.System.GetTimestamp());
        for (; wanted > 0 ? kills < wanted : kills < Fewest || TimeProvider.System.GetElapsedTime(began) < Budget; kills++)
        {
            await using var emulator = await EmulatorProcess.StartAsync(_folder, config, amqp, administration);
            await WorkAsync(_oracle.CountSent + random.Next(1, 200), random.Next(10, 250));
        }

        await _stop.CancelAsync();
        await Task.WhenAll(clients);
        await using (await EmulatorProcess.StartAsync(_folder, config, amqp, administration))
            _oracle.Ended(await DrainAsync(amqp));
        output.WriteLine($"{kills} kills, {_oracle.CountSent} acknowledged, {_oracle.CountCompleted} completed");
        _oracle.Violations.ShouldBeEmpty($"seed {seed}");
        _oracle.CountSent.ShouldBeGreaterThan(kills);
        _oracle.CountCompleted.ShouldBeGreaterThan(kills);
    }

    // The kill schedule: until so much is sent, and then into the middle of what goes on, at a moment that the seed decides. Nothing waits for a condition by this delay.
    private async Task WorkAsync(int sent, int milliseconds)
    {
        await Eventually.TrueAsync(() => _oracle.CountSent >= sent);
        await Task.Delay(milliseconds);
    }

    private async Task SendAsync(int port)
    {
        while (!_stop.IsCancellationRequested)
        {
            await using var client = Client(port);
            await using var sender = client.CreateSender(Queue);
            await TryAsync(async () =>
            {
                while (!_stop.IsCancellationRequested)
                {
                    var ids = Enumerable.Range(0, 5).Select(_ => $"{Interlocked.Increment(ref _number)}").ToList();
                    ids.ForEach(_oracle.Sending);
                    await sender.SendMessagesAsync(ids.Select(id => new ServiceBusMessage(new string('x', 300)) { MessageId = id }), _stop.Token);
                    ids.ForEach(_oracle.Sent);
                }
            });
        }
    }

    private async Task CompleteAsync(int port)
    {
        while (!_stop.IsCancellationRequested)
        {
            await using var client = Client(port);
            await using var receiver = client.CreateReceiver(Queue, new ServiceBusReceiverOptions { PrefetchCount = 20 });
            await TryAsync(async () =>
            {
                while (!_stop.IsCancellationRequested)
                {
                    foreach (var message in await receiver.ReceiveMessagesAsync(10, TimeSpan.FromMilliseconds(200), _stop.Token))
                    {
                        _oracle.Received(message.MessageId);
                        _oracle.Completing(message.MessageId);
                        await receiver.CompleteMessageAsync(message, _stop.Token);
                        _oracle.Completed(message.MessageId);
                    }
                }
            });
        }
    }

    private static async Task<List<string>> DrainAsync(int port)
    {
        await using var client = new ServiceBusClient(ConnectionString(port));
        await using var receiver = client.CreateReceiver(Queue);
        var ids = new List<string>();
        for (var from = 0L; ;)
        {
            var page = await receiver.PeekMessagesAsync(250, from);
            if (page.Count == 0)
                return ids;
            ids.AddRange(page.Select(message => message.MessageId));
            from = page[^1].SequenceNumber + 1;
        }
    }

    // The emulator is dead half of the time: a client that fails begins again.
    private static async Task TryAsync(Func<Task> work)
    {
        try
        {
            await work();
        }
        catch (Exception error) when (error is ServiceBusException or OperationCanceledException or ObjectDisposedException)
        {
            await Task.Delay(20); // not to spin while it is dead
        }
    }

    private static ServiceBusClient Client(int port) => new(ConnectionString(port), new ServiceBusClientOptions { RetryOptions = { MaxRetries = 0, TryTimeout = TimeSpan.FromSeconds(2) } });

    private static string ConnectionString(int port) => $"Endpoint=sb://localhost:{port};SharedAccessKeyName=RootManageSharedAccessKey;SharedAccessKey=SAS_KEY_VALUE;UseDevelopmentEmulator=true;";

    private static int Number(string variable, int otherwise) => int.TryParse(Environment.GetEnvironmentVariable(variable), CultureInfo.InvariantCulture, out var number) ? number : otherwise;
}
