using ImageAspire.Benchmarks.Data;
using ImageAspire.Benchmarks.Harness;
using ImageAspire.Benchmarks.Peers;

namespace ImageAspire.Benchmarks;

/// <summary>How long it takes from the start of the process to the first answer.</summary>
internal static class ColdStartBenchmark
{
    public const string What = """
        process start → first 200 of GET /alive and of GET /api/images, beside an empty Kestrel app published the same way
        --runs 10  --records 1000 (in the data folder)  --api DIR (published)
        """;

    public static async Task<int> RunAsync(string[] args, CancellationToken cancellationToken)
    {
        var options = Options.Parse(args, "--runs", "--records", "--api");
        var runs = options.Number("--runs", 10, 1, 100);
        var records = options.Number("--records", 1000, 0, 1_000_000);
        using var temp = new TempFolder("coldstart");
        var api = await Published.ProjectAsync("ImageAspire.Api", options.Text("--api"), temp, cancellationToken);
        var empty = await EmptyApp.PublishAsync(temp, cancellationToken);
        await using (var store = new SeededStore(temp.Of("data")))
            await store.GrowToAsync(records, cancellationToken);

        List<double> peer = [], alive = [], list = [];
        for (var run = 0; run <= runs; run++)
        {
            // Run 0 brings the files into the page cache and is not counted.
            var results = (await EmptyAsync(empty, cancellationToken), await ApiAsync(api, temp, "/alive", cancellationToken),
                await ApiAsync(api, temp, "/api/images", cancellationToken));
            if (run == 0)
                continue;
            peer.Add(results.Item1);
            alive.Add(results.Item2);
            list.Add(results.Item3);
        }

        var report = new Report("coldstart", "process start → first 200", "median ms", "best ms", "worst ms");
        report.Setting("runs", runs);
        report.Setting("records", records);
        report.Setting("readyToRun", api.ReadyToRun);
        report.Setting("emptyReadyToRun", empty.ReadyToRun);
        var bare = Add(report, "empty Kestrel app, GET /", "empty", peer);
        report.Bar("GET /alive against an empty Kestrel app", Add(report, "Api, GET /alive", "alive", alive) / bare, 2.5, atLeast: false);
        report.Bar("GET /api/images against an empty Kestrel app", Add(report, "Api, GET /api/images", "list", list) / bare, 2.5, atLeast: false);
        report.Note($"ReadyToRun: Api {api.ReadyToRun}, empty app {empty.ReadyToRun}; both framework-dependent.");
        report.Print(Console.Out);
        return 0;
    }

    private static async Task<double> ApiAsync(Published api, TempFolder temp, string path, CancellationToken cancellationToken)
    {
        var start = TimeProvider.System.GetTimestamp();
        await using var server = ApiServer.Start(api, temp.Of("data"));
        using var client = HttpLoad.Client(server.Address, ApiServer.Key);
        return await HttpLoad.FirstOkAsync(client, path, server.Process, start, cancellationToken);
    }

    private static async Task<double> EmptyAsync(Published empty, CancellationToken cancellationToken)
    {
        var address = new Uri($"http://127.0.0.1:{ChildProcess.FreePort()}");
        var start = TimeProvider.System.GetTimestamp();
        await using var server = ChildProcess.Start(empty.Executable, [], new Dictionary<string, string>
        {
            ["ASPNETCORE_URLS"] = address.ToString(), ["DOTNET_ENVIRONMENT"] = "Production", ["ASPNETCORE_ENVIRONMENT"] = "Production",
        }, Path.GetDirectoryName(empty.Executable));
        using var client = HttpLoad.Client(address);
        return await HttpLoad.FirstOkAsync(client, "/", server, start, cancellationToken);
    }

    private static double Add(Report report, string name, string key, List<double> times)
    {
        var samples = new Samples(times);
        report.Row(name, samples.Median, samples.Percentile(0), samples.Max);
        report.Figure(key + "Ms", samples.Median);
        return samples.Median;
    }
}
