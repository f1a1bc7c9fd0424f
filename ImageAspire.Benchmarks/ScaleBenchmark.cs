using System.Globalization;
using ImageAspire.Benchmarks.Data;
using ImageAspire.Benchmarks.Harness;
using ImageAspire.Core.Events;
using ImageAspire.Core.Ports;

namespace ImageAspire.Benchmarks;

/// <summary>Whether a thousand times as many records make anything slower.</summary>
internal static class ScaleBenchmark
{
    public const string What = """
        the same questions with 1,000, 100,000 and 1,000,000 records: list, tag, search, publish, and the Api's memory
        --max 1000000  --queries 200 (of each kind)  --publish 10000 (events)  --api DIR (published)
        """;

    private const string PublishRow = "publish, 16 publishers, events/s";

    // Enough for the code to be compiled at its highest tier: else the first size, not the largest, would look slow.
    private const int WarmUp = 400;
    private static readonly int[] Sizes = [1_000, 100_000, 1_000_000];

    // Every question has a full page as its answer at 1,000 records already: else a larger catalog would only look slower because it finds more.
    private static readonly (string Name, ImageQuery Query)[] Questions =
    [
        ("newest", new ImageQuery()),
        ("frequent tag", new ImageQuery { Tag = SeedRecords.Vocabulary[0] }),
        ("medium tag", new ImageQuery { Tag = SeedRecords.Vocabulary[9] }),
        ("search, frequent word", new ImageQuery { Text = SeedRecords.Vocabulary[0] }),
        ("search, medium word", new ImageQuery { Text = SeedRecords.Vocabulary[9] }),
        ("search, two words", new ImageQuery { Text = SeedRecords.Vocabulary[0] + " " + SeedRecords.Vocabulary[1] }),
        ("search, name prefix", new ImageQuery { Text = "IMG_00" }),
    ];

    public static async Task<int> RunAsync(string[] args, CancellationToken cancellationToken)
    {
        var options = Options.Parse(args, "--max", "--queries", "--publish", "--api");
        var max = options.Number("--max", 1_000_000, 1_000, 5_000_000);
        var queries = options.Number("--queries", 200, 10, 10_000);
        var events = options.Number("--publish", 10_000, 100, 100_000);
        int[] sizes = [.. Sizes.Where(size => size < max), max];

        using var temp = new TempFolder("scale");
        var api = await Published.ProjectAsync("ImageAspire.Api", options.Text("--api"), temp, cancellationToken);
        await using var store = new SeededStore(temp.Of("data"));
        var figures = new List<Dictionary<string, double>>();
        foreach (var size in sizes)
        {
            await store.GrowToAsync(size, cancellationToken);
            await DiskSync.AllAsync(cancellationToken);
            var measured = new Dictionary<string, double>();
            await ServerAsync(api, temp.Of("data"), queries, measured, cancellationToken);
            await CatalogAsync(store, queries, measured, cancellationToken);
            measured[PublishRow] = await PublishAsync(store, events, cancellationToken);
            figures.Add(measured);
        }

        var report = new Report("scale", ["", .. sizes.Select(size => size.ToString("#,0", CultureInfo.InvariantCulture)), "ratio"]);
        foreach (var name in figures[0].Keys)
            Add(report, name, [.. figures.Select(size => size[name])]);
        report.Note("p50 in milliseconds unless said; a page has 50 records and is full at every size. Ratio: largest to smallest.");
        report.Print(Console.Out);
        return 0;
    }

    private static void Add(Report report, string name, double[] values)
    {
        var isRate = name == PublishRow;
        var isMemory = name.Contains("MiB", StringComparison.Ordinal);
        var ratio = isRate ? values[0] / values[^1] : values[^1] / values[0];
        report.Row(name, [.. values.Cast<object?>(), ratio]);
        for (var i = 0; i < values.Length; i++)
            report.Figure($"{name} [{i}]", values[i]);
        if (isMemory)
            report.Bar(name, values[^1], 200, atLeast: false);
        else
            report.Bar($"{name}, times slower", ratio, 1.5, atLeast: false);
    }

    private static async Task CatalogAsync(SeededStore store, int queries, Dictionary<string, double> measured, CancellationToken cancellationToken)
    {
        await MedianAsync(WarmUp, _ => store.Catalog.QueryAsync(Questions[0].Query, cancellationToken));
        foreach (var (name, query) in Questions)
        {
            measured[$"catalog: {name}"] = await MedianAsync(queries, async _ =>
            {
                var page = await store.Catalog.QueryAsync(query, cancellationToken);
                if (page.Items.Count != query.Limit)
                    throw new InvalidOperationException($"'{name}' found {page.Items.Count} records; a full page was expected.");
            });
        }
    }

    private static async Task ServerAsync(
        Published api, string dataFolder, int queries, Dictionary<string, double> measured, CancellationToken cancellationToken)
    {
        await using var server = await ApiServer.StartAsync(api, dataFolder, cancellationToken);
        using var client = HttpLoad.Client(server.Address, ApiServer.Key);
        // A fresh process first compiles: two seconds of it are no property of the catalog's size.
        await HttpLoad.RunAsync(1, TimeSpan.FromSeconds(2), int.MaxValue, token => HttpLoad.GetAsync(client, "/api/images?limit=50", token), cancellationToken);
        measured["HTTP: newest, asked again and again"] = await MedianAsync(queries, async _ =>
            await HttpLoad.GetAsync(client, "/api/images?limit=50", cancellationToken));
        foreach (var (name, query) in Questions)
        {
            var path = "/api/images?limit=50" + (query.Tag is { } tag ? $"&tag={tag}" : "") + (query.Text is { } text ? $"&q={Uri.EscapeDataString(text)}" : "");
            // A parameter that no two requests share keeps the page cache out.
            measured[$"HTTP: {name}"] = await MedianAsync(queries, async n =>
                await HttpLoad.GetAsync(client, $"{path}&from=1999-01-01T00:{n / 60 % 60:D2}:{n % 60:D2}Z", cancellationToken));
        }

        var (all, own) = await server.Process.ResidentMiBAsync(cancellationToken);
        measured["Api resident MiB"] = all;
        measured["Api resident MiB, its own"] = own;
    }

    private static async Task<double> MedianAsync(int count, Func<int, Task> ask)
    {
        var times = new List<double>();
        for (var i = -WarmUp; i < count; i++)
        {
            var start = TimeProvider.System.GetTimestamp();
            await ask(i + WarmUp);
            if (i >= 0)
                times.Add(TimeProvider.System.GetElapsedTime(start).TotalMilliseconds);
        }

        return new Samples(times).Median;
    }

    private static async Task<double> PublishAsync(SeededStore store, int events, CancellationToken cancellationToken)
    {
        var records = new SeedRecords();
        var rates = new List<double>();
        for (var round = 0; round < 10; round++) // many, because a commit costs what the disk takes for it at that moment
        {
            var load = await HttpLoad.RunAsync(16, TimeSpan.FromSeconds(20), events, token => store.Bus.PublishAsync(
                [records.Number(Random.Shared.Next(1000)).Event with { Id = Guid.CreateVersion7(TimeProvider.System.GetUtcNow()), Type = ImageEventTypes.Updated }],
                null, token), cancellationToken);
            if (round > 0)
                rates.Add(load.PerSecond);
        }

        return new Samples(rates).Median;
    }
}
