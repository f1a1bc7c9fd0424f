using Azure.Messaging.ServiceBus;

namespace ImageAspire.Tests.ServiceBus;

/// <summary>A durable emulator that is killed again and again under its clients.</summary>
internal sealed class CrashRun(Random random) : IDisposable
{
    private const string Queue = "q";
    private const int StartsKilled = 8, Clients = 2;
    private readonly string _folder = Directory.CreateTempSubdirectory("servicebus-crash-").FullName;
    private readonly CancellationTokenSource _stop = new();
    private readonly int _amqp = Ports.Free(), _administration = Ports.Free();
    private Task[] _clients = [];
    private volatile TaskCompletionSource<ServiceBusClient> _client = Soon();
    private int _number;

    public CrashOracle Oracle { get; } = new();

    public int Kills { get; private set; }

    public int KillsWhileStarting { get; private set; }

    private string Config => Path.Combine(_folder, "Config.json");

    public async Task KillAsync(int times)
    {
        await File.WriteAllTextAsync(Config, $$"""{ "UserConfig": { "Namespaces": [ { "Queues": [ { "Name": "{{Queue}}", "Properties": { "MaxDeliveryCount": 2000 } } ] } ] } }""");
        _clients = [.. Enumerable.Range(0, Clients).SelectMany(_ => new[] { RepeatAsync(SendAsync), RepeatAsync(CompleteAsync) })];
        for (; Kills < times; Kills++)
        {
            await using var emulator = EmulatorProcess.Begin(_folder, Config, _amqp, _administration);
            if (random.Next(StartsKilled) == 0)
            {
                KillsWhileStarting++;
                await Task.Delay(random.Next(400)); // until a moment of its start; no condition
                continue;
            }

            await emulator.ListensAsync();
            await using var client = new ServiceBusClient(ConnectionString, new ServiceBusClientOptions { RetryOptions = { MaxRetries = 0, TryTimeout = TimeSpan.FromSeconds(5) } });
            _client.SetResult(client);
            await WorkAsync(Oracle.CountSent + random.Next(1, 60), random.Next(60));
            _client = Soon();
            await emulator.KillAsync();
        }
    }

    /// <summary>Looks at what is left.</summary>
    public async Task EndAsync()
    {
        await _stop.CancelAsync();
        await Task.WhenAll(_clients);
        await using (await EmulatorProcess.StartAsync(_folder, Config, _amqp, _administration))
            Oracle.Ended(await LeftAsync());
    }

    public void Dispose()
    {
        _stop.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private static TaskCompletionSource<ServiceBusClient> Soon() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    // The kill schedule: until so much is sent, and then into the middle of what goes on, at a moment that the seed decides. Nothing waits for a condition by this delay.
    private async Task WorkAsync(int sent, int milliseconds)
    {
        await Eventually.TrueAsync(() => Oracle.CountSent >= sent);
        await Task.Delay(milliseconds);
    }

    // What fails begins again, with the client of the next process once that listens. Senders and receivers go with their client: to close one of them takes a minute when
    // the other side is dead.
    private async Task RepeatAsync(Func<ServiceBusClient, Task> workAsync)
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                await workAsync(await _client.Task.WaitAsync(_stop.Token));
            }
            catch (Exception error) when (error is ServiceBusException or OperationCanceledException or ObjectDisposedException)
            {
                // It was killed.
            }
        }
    }

    private async Task SendAsync(ServiceBusClient client)
    {
        var sender = client.CreateSender(Queue);
        while (!_stop.IsCancellationRequested)
        {
            var ids = Enumerable.Range(0, 5).Select(_ => $"{Interlocked.Increment(ref _number)}").ToList();
            ids.ForEach(Oracle.Sending);
            await sender.SendMessagesAsync(ids.Select(id => new ServiceBusMessage(new string('x', 300)) { MessageId = id }), _stop.Token);
            ids.ForEach(Oracle.Sent);
        }
    }

    private async Task CompleteAsync(ServiceBusClient client)
    {
        var receiver = client.CreateReceiver(Queue, new ServiceBusReceiverOptions { PrefetchCount = 20 });
        while (!_stop.IsCancellationRequested)
        {
            var messages = await receiver.ReceiveMessagesAsync(10, TimeSpan.FromMilliseconds(200), _stop.Token);
            await Task.WhenAll(messages.Select(async message =>
            {
                Oracle.Received(message.MessageId);
                Oracle.Completing(message.MessageId);
                await receiver.CompleteMessageAsync(message, _stop.Token);
                Oracle.Completed(message.MessageId);
            }));
        }
    }

    private async Task<List<string>> LeftAsync()
    {
        await using var client = new ServiceBusClient(ConnectionString);
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

    private string ConnectionString => $"Endpoint=sb://localhost:{_amqp};SharedAccessKeyName=RootManageSharedAccessKey;SharedAccessKey=SAS_KEY_VALUE;UseDevelopmentEmulator=true;";
}
