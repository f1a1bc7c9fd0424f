using System.Diagnostics;
using Azure.Messaging.ServiceBus;
using ImageAspire.Benchmarks.Harness;
using ImageAspire.Benchmarks.Peers;

namespace ImageAspire.Benchmarks;

/// <summary>The Service Bus emulator, durable, with the real .NET client.</summary>
internal static class ServiceBusBenchmark
{
    public const string What = """
        the Service Bus emulator (published, durable) with the real .NET client: start, memory, messages a second in batches and one by one, received and
        completed, send → receive; one by one beside RabbitMQ on its default port, when it answers (durable, persistent, confirms)
        --seconds 5 (for each)  --rounds 3  --messages 100000 (waiting, for the memory)  --emulator DIR (published; else it is published first)
        """;

    private const int Senders = 16;
    private const int BatchSize = 100;
    private const int Latencies = 500;
    private static readonly byte[] Body = new byte[600];

    public static async Task<int> RunAsync(string[] args, CancellationToken cancellationToken)
    {
        var options = Options.Parse(args, "--seconds", "--rounds", "--messages", "--emulator");
        var (duration, rounds, waiting) = (options.Seconds("--seconds", 5), options.Number("--rounds", 3, 1, 20), options.Number("--messages", 100_000, 1_000, 1_000_000));
        using var temp = new TempFolder("servicebus");
        var program = await Published.ProjectAsync("ImageAspire.ServiceBusEmulator", options.Text("--emulator"), temp, cancellationToken);
        await using var rabbit = await RabbitPeer.ConnectAsync(Senders, cancellationToken);
        var report = new Report("servicebus", "what", "emulator", "RabbitMQ");
        report.Setting("rounds", rounds);
        report.Setting("seconds", duration.TotalSeconds);

        // Memory in a process that has held nothing else; and its files are in the disk's cache for the next one.
        await using (var first = await EmulatorProgram.StartAsync(program, temp.Of("first"), cancellationToken))
        {
            await FillAsync(first);
            await MemoryAsync(first, $"with {waiting} messages waiting", 300);
        }

        await using var emulator = await EmulatorProgram.StartAsync(program, temp.Of("data"), cancellationToken);
        await emulator.Administration.CreateQueueAsync("queue", cancellationToken);
        report.Row("ready after its start, s", emulator.ReadyAfter.TotalSeconds);
        report.Bar("ready after its start, s", emulator.ReadyAfter.TotalSeconds, 0.5, atLeast: false);
        await MemoryAsync(emulator, "at rest", 80);

        await using var sender = emulator.Client.CreateSender("queue");
        await using var receiver = emulator.Client.CreateReceiver("queue", new ServiceBusReceiverOptions { PrefetchCount = 500 });
        await LatencyAsync(report, sender, receiver, cancellationToken);

        List<double> batches = [], singles = [], received = [], theirs = [];
        for (var round = 0; round < rounds; round++) // in turn, because the machine's speed drifts
        {
            batches.Add(BatchSize * await RateAsync(4, duration, _ => sender.SendMessagesAsync(Enumerable.Range(0, BatchSize).Select(_ => new ServiceBusMessage(Body)), cancellationToken)));
            received.Add(await ReceiveAsync(receiver, duration, cancellationToken));
            singles.Add(await RateAsync(Senders, duration, _ => sender.SendMessageAsync(new ServiceBusMessage(Body), cancellationToken)));
            if (rabbit is not null)
                theirs.Add(await RateAsync(Senders, duration, one => rabbit.PublishAsync(one, Body, cancellationToken)));
        }

        Rate($"sent in batches of {BatchSize}, messages/s", batches, 20_000);
        Rate($"sent one by one by {Senders} senders, messages/s", singles, 3_000, theirs);
        Rate("received and completed, messages/s", received, 6_000);

        await emulator.Administration.DeleteQueueAsync("queue", cancellationToken);
        await FillAsync(emulator);
        report.Row($"memory with {waiting} messages waiting, after all those before, MiB", await emulator.MemoryMiBAsync(cancellationToken));
        if (rabbit is null)
            report.Note("RabbitMQ does not answer on its default port: no ratio.");
        report.Print(Console.Out);
        return 0;

        async Task FillAsync(EmulatorProgram one)
        {
            await one.Administration.CreateQueueAsync("waiting", cancellationToken);
            await using var filler = one.Client.CreateSender("waiting");
            for (var sent = 0; sent < waiting; sent += BatchSize)
                await filler.SendMessagesAsync(Enumerable.Range(0, BatchSize).Select(_ => new ServiceBusMessage(Body)), cancellationToken);
        }

        async Task MemoryAsync(EmulatorProgram one, string when, double bar)
        {
            var memory = await one.MemoryMiBAsync(cancellationToken);
            report.Row($"memory {when}, MiB", memory);
            report.Bar($"memory {when}, MiB", memory, bar, atLeast: false);
        }

        void Rate(string what, List<double> ours, double bar, List<double>? others = null)
        {
            var (own, other) = (new Samples(ours).Median, others is { Count: > 0 } ? new Samples(others).Median : (double?)null);
            report.Row(what, own, other);
            report.Bar(what, own, bar, atLeast: true);
            if (other is { } peer)
                report.Figure("ratioToRabbitMq", own / peer);
        }
    }

    private static async Task<double> RateAsync(int workers, TimeSpan duration, Func<int, Task> work)
    {
        var began = Stopwatch.GetTimestamp();
        var counts = await Task.WhenAll(Enumerable.Range(0, workers).Select(worker => Task.Run(async () =>
        {
            var count = 0;
            for (; Stopwatch.GetElapsedTime(began) < duration; count++)
                await work(worker);
            return count;
        })));
        return counts.Sum() / Stopwatch.GetElapsedTime(began).TotalSeconds;
    }

    private static async Task<double> ReceiveAsync(ServiceBusReceiver receiver, TimeSpan duration, CancellationToken cancellationToken)
    {
        var (began, count) = (Stopwatch.GetTimestamp(), 0);
        while (Stopwatch.GetElapsedTime(began) < duration)
        {
            var messages = await receiver.ReceiveMessagesAsync(BatchSize, TimeSpan.FromSeconds(1), cancellationToken);
            if (messages.Count == 0)
                break; // it is empty
            await Task.WhenAll(messages.Select(message => receiver.CompleteMessageAsync(message, cancellationToken)));
            count += messages.Count;
        }

        return count / Stopwatch.GetElapsedTime(began).TotalSeconds;
    }

    private static async Task LatencyAsync(Report report, ServiceBusSender sender, ServiceBusReceiver receiver, CancellationToken cancellationToken)
    {
        var times = new List<double>();
        for (var i = 0; i < 2 * Latencies; i++)
        {
            var began = Stopwatch.GetTimestamp();
            await sender.SendMessageAsync(new ServiceBusMessage(Body), cancellationToken);
            var message = await receiver.ReceiveMessageAsync(TimeSpan.FromSeconds(10), cancellationToken);
            times.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
            await receiver.CompleteMessageAsync(message, cancellationToken);
        }

        var warm = new Samples(times.Skip(Latencies));
        report.Row("send → receive, p50 ms", warm.Median);
        report.Row("send → receive, p99 ms", warm.P99);
        report.Bar("send → receive, p50 ms", warm.Median, 1.5, atLeast: false);
    }
}
