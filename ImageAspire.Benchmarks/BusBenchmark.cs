using System.Diagnostics;
using ImageAspire.Benchmarks.Data;
using ImageAspire.Benchmarks.Harness;
using ImageAspire.Benchmarks.Peers;
using ImageAspire.Core.Events;
using ImageAspire.Core.Images;

namespace ImageAspire.Benchmarks;

/// <summary>Publishing, confirmed when it is durable, and the way from a publisher to a handler in another process.</summary>
internal static class BusBenchmark
{
    public const string What = """
        events published a second, each awaited until it is durable, by 1 and by 32 publishers; publish → handler in another process;
        beside RabbitMQ on its default port, when it answers (durable topic exchange, 2 durable queues, persistent messages, confirms)
        --seconds 5 (for each)  --rounds 3  --messages 500 (for the latency)
        """;

    // A process that has just started compiles while it runs; that is the business of the benchmark coldstart.
    private const int WarmUp = 200;
    private const int MostPublishers = 32;

    public static async Task<int> RunAsync(string[] args, CancellationToken cancellationToken)
    {
        var options = Options.Parse(args, "--seconds", "--rounds", "--messages");
        var duration = options.Seconds("--seconds", 5);
        var rounds = options.Number("--rounds", 3, 1, 20);
        var messages = options.Number("--messages", 500, 10, 100_000);
        using var temp = new TempFolder("bus");
        await using var store = new SeededStore(temp.Of("data"));
        await using var rabbit = await RabbitPeer.ConnectAsync(MostPublishers, cancellationToken);

        var report = new Report("bus", "what", "ImageAspire", "RabbitMQ");
        report.Setting("rounds", rounds);
        report.Setting("seconds", duration.TotalSeconds);
        // First the latency: after the floods below, the disk is busy for a while with what they left.
        await LatencyAsync(report, store, temp.Of("data"), messages, cancellationToken);
        foreach (var publishers in new[] { 1, MostPublishers })
        {
            List<double> ours = [], theirs = [];
            for (var round = 0; round < rounds; round++) // in turn, because the machine's speed drifts
            {
                ours.Add(await RateAsync(publishers, duration, (_, token) => store.Bus.PublishAsync([Event()], null, token), cancellationToken));
                if (rabbit is not null)
                    theirs.Add(await RateAsync(publishers, duration, (publisher, token) => rabbit.PublishAsync(publisher, CloudEvents.Write(Event()), token), cancellationToken));
            }

            var (own, peer) = (new Samples(ours).Median, theirs.Count > 0 ? new Samples(theirs).Median : (double?)null);
            report.Row($"{publishers} publisher{(publishers > 1 ? "s" : "")}, events/s", own, peer);
            report.Figure($"publish{publishers}", own);
            if (peer is { } rate)
                report.Bar($"{publishers} publishers against RabbitMQ", own / rate, 3, atLeast: true);
        }

        if (rabbit is null)
            report.Note("RabbitMQ does not answer on its default port: no ratio.");
        report.Print(Console.Out);
        return 0;
    }

    public static ImageEvent Event()
    {
        var now = TimeProvider.System.GetUtcNow();
        return new ImageEvent(Guid.CreateVersion7(now), ImageEventTypes.Updated, Guid.CreateVersion7(now), now,
            "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", new ImageEventData
            {
                Version = 3, Actor = "benchmark", Status = ImageStatus.Analyzed, Name = $"{Stopwatch.GetTimestamp()}",
                ContentType = "image/jpeg", Bytes = 700_000, UploadedAt = now, Tags = ["landscape", "blue", "sharp"],
            });
    }

    private static async Task<double> RateAsync(int publishers, TimeSpan duration, Func<int, CancellationToken, Task> publish, CancellationToken cancellationToken)
    {
        var began = Stopwatch.GetTimestamp();
        var counts = await Task.WhenAll(Enumerable.Range(0, publishers).Select(publisher => Task.Run(async () =>
        {
            var count = 0;
            for (; Stopwatch.GetElapsedTime(began) < duration; count++)
                await publish(publisher, cancellationToken);
            return count;
        }, cancellationToken)));
        return counts.Sum() / Stopwatch.GetElapsedTime(began).TotalSeconds;
    }

    private static async Task LatencyAsync(Report report, SeededStore store, string data, int messages, CancellationToken cancellationToken)
    {
        await using var listener = await BusListener.StartAsync(data, WarmUp + messages, cancellationToken);
        using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(5)); // one at a time: this is about the way, not the load
        for (var i = 0; i < WarmUp + messages && await pace.WaitForNextTickAsync(cancellationToken); i++)
            await store.Bus.PublishAsync([Event()], null, cancellationToken);
        var times = new Samples((await listener.ResultAsync(cancellationToken)).Skip(WarmUp));
        report.Row("publish → handler in another process, p50 ms", times.Median, null);
        report.Row("publish → handler in another process, p99 ms", times.P99, null);
        report.Figure("latencyP50Ms", times.Median);
        report.Figure("latencyP99Ms", times.P99);
        report.Bar("publish → handler p50, ms", times.Median, 2, atLeast: false);
        report.Bar("publish → handler p99, ms", times.P99, 10, atLeast: false);
    }
}
