using ImageAspire.Benchmarks.Data;
using ImageAspire.Benchmarks.Harness;
using ImageAspire.Benchmarks.Peers;

namespace ImageAspire.Benchmarks;

/// <summary>How fast the first page of a large catalog is listed, beside a server that does nothing but send these bytes.</summary>
internal static class ListBenchmark
{
    public const string What = """
        GET /api/images?limit=50 beside a bare Kestrel that sends the very same bytes from memory, then under write load
        --records 100000  --clients 16  --seconds 8 (a round)  --rounds 3  --writes 100 (uploads a second)  --workers 0|1
        --api DIR  --worker DIR (published)
        """;

    private const string Path = "/api/images?limit=50";
    private const int NoLimit = int.MaxValue;

    public static async Task<int> RunAsync(string[] args, CancellationToken cancellationToken)
    {
        var options = Options.Parse(args, "--records", "--clients", "--seconds", "--rounds", "--writes", "--workers", "--api", "--worker");
        var records = options.Number("--records", 100_000, 100, 1_000_000);
        var clients = options.Number("--clients", 16, 1, 256);
        var seconds = options.Seconds("--seconds", 8);
        var rounds = options.Number("--rounds", 3, 1, 20);
        var writes = options.Number("--writes", 100, 1, 1000);
        var workers = options.Number("--workers", 0, 0, 1);

        using var temp = new TempFolder("list");
        var published = await Published.ProjectAsync("ImageAspire.Api", options.Text("--api"), temp, cancellationToken);
        await using (var store = new SeededStore(temp.Of("data")))
            await store.GrowToAsync(records, cancellationToken);
        await using var api = await ApiServer.StartAsync(published, temp.Of("data"), cancellationToken);
        using var client = HttpLoad.Client(api.Address, ApiServer.Key);
        var page = await client.GetByteArrayAsync(new Uri(Path, UriKind.Relative), cancellationToken);
        await File.WriteAllBytesAsync(temp.Of("page.json"), page, cancellationToken);
        var (bare, bareClient) = await BareKestrel.StartAsync(temp.Of("page.json"), cancellationToken);
        await using var bareProcess = bare;
        using var peer = bareClient;

        Task<HttpLoad> LoadAsync(HttpClient target, int count, TimeSpan time) => HttpLoad.RunAsync(
            count, time, NoLimit, token => HttpLoad.GetAsync(target, target == peer ? "/" : Path, token), cancellationToken);

        var report = new Report("list", "", "clients", "requests/s", "p50 ms", "p99 ms", "rounds (requests/s)");
        report.Setting("records", records);
        report.Setting("pageBytes", page.Length);
        report.Setting("readyToRun", published.ReadyToRun);
        report.Note($"A page has {page.Length:#,0} bytes.");
        await LoadAsync(client, clients, TimeSpan.FromSeconds(3)); // until both are compiled at the highest tier
        await LoadAsync(peer, clients, TimeSpan.FromSeconds(3));
        foreach (var count in new[] { clients, 1 }.Distinct())
        {
            List<HttpLoad> ours = [], theirs = [];
            for (var round = 0; round < rounds; round++)
            {
                ours.Add(await LoadAsync(client, count, seconds));
                theirs.Add(await LoadAsync(peer, count, seconds));
            }

            var ratio = Add(report, "ImageAspire", $"imageaspire{count}", count, ours) / Add(report, "bare Kestrel, same bytes", $"kestrel{count}", count, theirs);
            report.Bar($"requests/s against bare Kestrel, {count} clients", ratio, 0.5, atLeast: true);
        }

        await using var worker = workers == 0 ? null
            : ApiServer.StartWorker(await Published.ProjectAsync("ImageAspire.Worker", options.Text("--worker"), temp, cancellationToken), temp.Of("data"));
        await UnderWritesAsync(report, api, LoadAsync, client, clients, seconds, writes, workers, cancellationToken);
        var (all, own) = await api.Process.ResidentMiBAsync(cancellationToken);
        report.Note($"Api resident: {all:0} MiB, of which its own {own:0} MiB.");
        report.Figure("apiResidentMiB", all);
        report.Print(Console.Out);
        return 0;
    }

    // Clients that ask as fast as they can measure how full the machine is; the latency that users see is that of a steady rate.
    private static async Task UnderWritesAsync(
        Report report, ApiServer api, Func<HttpClient, int, TimeSpan, Task<HttpLoad>> load, HttpClient client, int clients, TimeSpan seconds,
        int writes, int workers, CancellationToken cancellationToken)
    {
        using var writerClient = HttpLoad.Client(api.Address, ApiServer.SecondKey);
        var bodies = JpegBodies.Noise(20_000);
        foreach (var (name, readers, readRate) in new[] { ("full speed", clients, 0), ("200 requests/s", clients, 200) })
        {
            var writing = SteadyLoad.RunAsync(writes, seconds, clients, token => UploadBenchmark.UploadAsync(writerClient, UploadBenchmark.Raw(bodies.Next()), token), cancellationToken);
            var reading = readRate == 0 ? load(client, readers, seconds)
                : SteadyLoad.RunAsync(readRate, seconds, clients, token => HttpLoad.GetAsync(client, Path, token), cancellationToken);
            var (read, written) = (await reading, await writing);
            Add(report, $"ImageAspire, {name}, under {writes} uploads/s, {workers} workers", readRate == 0 ? "underWritesFull" : "underWritesSteady", readers, [read]);
            Add(report, "  those uploads", readRate == 0 ? "writesFull" : "writesSteady", clients, [written]);
            report.Bar($"p99 ms under {writes} uploads/s, {name}", read.Milliseconds.P99, 20, atLeast: false);
        }
    }

    private static double Add(Report report, string name, string key, int clients, List<HttpLoad> rounds)
    {
        var rate = new Samples(rounds.Select(round => round.PerSecond)).Median;
        var times = Samples.Merge(rounds.Select(round => round.Milliseconds));
        report.Row(name, clients, rate, times.Median, times.P99, string.Join(" ", rounds.Select(round => round.PerSecond.ToString("0"))));
        report.Figure(key + "PerSecond", rate);
        report.Figure(key + "P50Ms", times.Median);
        report.Figure(key + "P99Ms", times.P99);
        return rate;
    }
}
