using System.Text.Json;
using ImageAspire.Benchmarks.Data;
using ImageAspire.Benchmarks.Harness;
using ImageAspire.Imaging.Vips;

namespace ImageAspire.Benchmarks;

/// <summary>Overload for minutes: which requests are served, which are refused, what it costs, and how long the recovery takes.</summary>
internal static class LoadBenchmark
{
    public const string What = """
        slow clients, a flood of several times what the Worker can do, and a key over its rate limit, beside a polite key;
        memory, fairness, answers, recovery, and that everything acknowledged is there
        --minutes 10  --slow 1000  --factor 10  --api DIR  --worker DIR (published)
        """;

    private const int CapacityImages = 100;
    private const int PoliteUploadsPerSecond = 4;
    private const int PoliteListsPerSecond = 6;
    private const int SlowSeconds = 20;
    private static readonly TimeSpan Before = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan After = TimeSpan.FromSeconds(30);

    public static async Task<int> RunAsync(string[] args, CancellationToken cancellationToken)
    {
        var options = Options.Parse(args, "--minutes", "--slow", "--factor", "--api", "--worker");
        var duration = TimeSpan.FromMinutes(options.Number("--minutes", 10, 1, 30));
        var (slowClients, factor) = (options.Number("--slow", 1000, 1, 5000), options.Number("--factor", 10, 1, 100));
        if (VipsLibrary.Description is null)
            throw new InvalidOperationException("There is no libvips: the images of this benchmark cannot be generated.");
        var bodies = JpegBodies.Of(SyntheticImage.Make(1600, 1200, grain: 0));

        using var temp = new TempFolder("load");
        ServerKey[] keys = [new("polite", "polite-key-of-the-benchmark"), new("flood", "flood-key-of-the-benchmark"), new("slow", "slow-key-of-the-benchmark"), new("hasty", "hasty-key-of-the-benchmark", 200)];
        await using var api = await ApiServer.StartAsync(await Published.ProjectAsync("ImageAspire.Api", options.Text("--api"), temp, cancellationToken), temp.Of("data"), cancellationToken, keys);
        await using var worker = ApiServer.StartWorker(await Published.ProjectAsync("ImageAspire.Worker", options.Text("--worker"), temp, cancellationToken), temp.Of("data"));
        using Crowd polite = new(api.Address, keys[0]), flood = new(api.Address, keys[1]), slow = new(api.Address, keys[2]), hasty = new(api.Address, keys[3]);
        using var reader = HttpLoad.Client(api.Address, keys[0].Secret);

        var capacity = await CapacityAsync(flood, reader, bodies, cancellationToken);
        var floodPerSecond = (int)Math.Ceiling(capacity * factor);
        var clock = TimeProvider.System;
        var quiet = clock.GetTimestamp();
        await PoliteAsync(polite, bodies, Before, cancellationToken);
        var memory = new Memory(api.Process, worker);
        await memory.LookAsync(cancellationToken);
        var (apiBefore, workerBefore) = (memory.Api, memory.Worker);

        var storm = clock.GetTimestamp();
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        end.CancelAfter(duration);
        Task[] attackers =
        [
            OpenLoopAsync(floodPerSecond, 64, token => flood.UploadAsync(bodies, token), end.Token),
            OpenLoopAsync(400, 16, hasty.ListAsync, end.Token),
            Task.WhenAll(Enumerable.Range(0, slowClients).Select(_ => UntilEndAsync(token => slow.UploadAsync(bodies, token, SlowSeconds), end.Token))),
            UntilEndAsync(memory.LookEverySecondAsync, end.Token),
        ];
        await PoliteAsync(polite, bodies, duration, cancellationToken);
        await Task.WhenAll(attackers);
        var over = clock.GetTimestamp();
        await PoliteAsync(polite, bodies, After, cancellationToken);

        var report = new Report("load", "who", "answers", "without Retry-After", "p50 ms", "p99 ms", "worst ms");
        report.Setting("minutes", duration.TotalMinutes);
        report.Setting("slowClients", slowClients);
        report.Setting("bytes", bodies.Length);
        report.Setting("workerImagesPerSecond", capacity);
        report.Setting("floodPerSecond", floodPerSecond);
        Add(report, "polite, before", polite, polite.Since(quiet, storm), "politeBefore");
        Add(report, "polite, meanwhile", polite, polite.Since(storm, over), "polite");
        Add(report, "polite, afterwards", polite, polite.Since(over), "politeAfter");
        foreach (var crowd in (Crowd[])[flood, slow, hasty])
            Add(report, crowd.Name, crowd, crowd.Since(storm), crowd.Name);
        report.Note($"Api {apiBefore:0} MiB before, {memory.MostApi:0} at the most; Worker {workerBefore:0} MiB before, {memory.MostWorker:0} at the most (resident).");
        report.Figure("apiMostMiB", memory.MostApi);
        report.Figure("workerMostMiB", memory.MostWorker);
        report.Figure("floodAcceptedPerSecond", flood.Acknowledged.Count / duration.TotalSeconds);
        var failed = polite.Answers.Where(answer => answer.Key is not ("200" or "202")).Sum(answer => answer.Value);
        report.Bar("requests of the polite key that were refused or failed", failed, 0, atLeast: false);
        report.Bar("429 and 503 without Retry-After", flood.WithoutRetryAfter + slow.WithoutRetryAfter + hasty.WithoutRetryAfter, 0, atLeast: false);
        report.Bar("seconds until the polite key's median is usual again (below twice the one before, or below 10 ms)", Recovery(polite, quiet, storm, over), 10, atLeast: false);
        var lost = await LostAsync(reader, [polite, flood, slow], cancellationToken);
        report.Note($"{polite.Acknowledged.Count + flood.Acknowledged.Count + slow.Acknowledged.Count} images acknowledged.");
        report.Bar("acknowledged images that are not in the list", lost, 0, atLeast: false);
        report.Print(Console.Out);
        return lost == 0 ? 0 : 1;
    }

    private static void Add(Report report, string name, Crowd crowd, Samples times, string figure)
    {
        report.Row(name, string.Join(", ", crowd.Answers.OrderBy(answer => answer.Key, StringComparer.Ordinal).Select(answer => $"{answer.Value} × {answer.Key}")),
            crowd.WithoutRetryAfter, times.Median, times.P99, times.Max);
        report.Figure(figure + "P50Ms", times.Median);
        report.Figure(figure + "P99Ms", times.P99);
    }

    // What the Worker does in a second, with nothing else to do.
    private static async Task<double> CapacityAsync(Crowd crowd, HttpClient reader, JpegBodies bodies, CancellationToken cancellationToken)
    {
        var clock = TimeProvider.System;
        long start = 0;
        for (var done = 0; done < 2 * CapacityImages; done += CapacityImages)
        {
            start = clock.GetTimestamp(); // the first round warms up
            for (var i = 0; i < CapacityImages; i++)
                await crowd.UploadAsync(bodies, cancellationToken);
            while (await WaitingAsync(reader, cancellationToken) > 0)
                await Task.Delay(20, cancellationToken);
        }

        return CapacityImages / clock.GetElapsedTime(start).TotalSeconds;
    }

    private static async Task<long> WaitingAsync(HttpClient reader, CancellationToken cancellationToken)
    {
        using var answer = JsonDocument.Parse(await reader.GetStringAsync(new Uri("/api/operations/subscriptions", UriKind.Relative), cancellationToken));
        return answer.RootElement.GetProperty("items").EnumerateArray()
            .Where(one => one.GetProperty("name").GetString() is "inspect-image" or "analyze-image")
            .Sum(one => one.GetProperty("active").GetInt64() + one.GetProperty("inFlight").GetInt64() + one.GetProperty("scheduled").GetInt64());
    }

    private static Task<HttpLoad[]> PoliteAsync(Crowd polite, JpegBodies bodies, TimeSpan duration, CancellationToken cancellationToken) => Task.WhenAll(
        SteadyLoad.RunAsync(PoliteUploadsPerSecond, duration, 8, token => polite.UploadAsync(bodies, token), cancellationToken),
        SteadyLoad.RunAsync(PoliteListsPerSecond, duration, 8, polite.ListAsync, cancellationToken));

    private static Task OpenLoopAsync(int perSecond, int clients, Func<CancellationToken, Task> send, CancellationToken end) =>
        UntilEndAsync(token => SteadyLoad.RunAsync(perSecond, TimeSpan.FromSeconds(10), clients, send, token), end);

    private static async Task UntilEndAsync(Func<CancellationToken, Task> send, CancellationToken end)
    {
        try
        {
            while (!end.IsCancellationRequested)
                await send(end);
        }
        catch (OperationCanceledException) when (end.IsCancellationRequested)
        {
            // The time is over.
        }
    }

    // Second by second: the end of the last one in which half of the requests took more than is usual; a few milliseconds are the Worker's, which goes on with what was accepted.
    private static double Recovery(Crowd polite, long quiet, long storm, long over)
    {
        var usual = Math.Max(2 * polite.Since(quiet, storm).Median, 10);
        var second = TimeProvider.System.TimestampFrequency;
        return Enumerable.Range(0, (int)After.TotalSeconds)
            .LastOrDefault(i => polite.Since(over + i * second, over + (i + 1) * second).Median > usual, -1) + 1;
    }

    private static async Task<int> LostAsync(HttpClient reader, Crowd[] crowds, CancellationToken cancellationToken)
    {
        var missing = crowds.SelectMany(crowd => crowd.Acknowledged).ToHashSet();
        for (string? cursor = ""; cursor is not null;)
        {
            using var page = JsonDocument.Parse(await reader.GetStringAsync(
                new Uri($"/api/images?limit=200{(cursor.Length > 0 ? "&cursor=" + Uri.EscapeDataString(cursor) : "")}", UriKind.Relative), cancellationToken));
            foreach (var image in page.RootElement.GetProperty("items").EnumerateArray())
                missing.Remove(image.GetProperty("id").GetGuid());
            cursor = page.RootElement.TryGetProperty("next", out var next) && next.ValueKind == JsonValueKind.String ? next.GetString() : null;
        }

        return missing.Count;
    }

    private sealed class Memory(ChildProcess api, ChildProcess worker)
    {
        public double Api { get; private set; }

        public double Worker { get; private set; }

        public double MostApi { get; private set; }

        public double MostWorker { get; private set; }

        public async Task LookAsync(CancellationToken cancellationToken)
        {
            (Api, _) = await api.ResidentMiBAsync(cancellationToken);
            (Worker, _) = await worker.ResidentMiBAsync(cancellationToken);
            (MostApi, MostWorker) = (Math.Max(Api, MostApi), Math.Max(Worker, MostWorker));
        }

        public async Task LookEverySecondAsync(CancellationToken cancellationToken)
        {
            await LookAsync(cancellationToken);
            await Task.Delay(TimeSpan.FromSeconds(1), cancellationToken);
        }
    }
}
