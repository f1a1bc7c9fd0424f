using System.Net;
using System.Net.Http.Headers;
using ImageAspire.Benchmarks.Data;
using ImageAspire.Benchmarks.Harness;

namespace ImageAspire.Benchmarks;

/// <summary>How much telemetry the dashboard takes in while it is looked at, and what it costs to keep.</summary>
internal static class TelemetryBenchmark
{
    public const string What = """
        OTLP over HTTP into the dashboard: spans a second, plain and gzip, while its API and a page are read; memory with every store at its limit
        --seconds 10 (of each flood)  --clients 2
        """;

    // So many batches of 43 traces are more than the store keeps: when the first comes again, it has gone.
    private const int Batches = 400;
    private const int Series = 2_000;
    private const int SeriesPerRequest = 20;

    public static async Task<int> RunAsync(string[] args, CancellationToken cancellationToken)
    {
        var options = Options.Parse(args, "--seconds", "--clients");
        var (duration, clients) = (options.Seconds("--seconds", 10), options.Number("--clients", 2, 1, 16));
        var report = new Report("telemetry", "flood", "spans/s", "dashboard µs a span", "API p99 ms", "page p99 ms", "MiB after");
        report.Setting("seconds", duration.TotalSeconds);
        report.Setting("clients", clients);
        var plain = Enumerable.Range(0, Batches).Select(TelemetryBodies.Spans).ToArray();
        report.Setting("bytesASpan", plain[0].Length / TelemetryBodies.SpansPerBatch);
        await using var server = await DashboardServer.StartAsync(cancellationToken);

        var rate = await FloodAsync(report, server, "plain", plain, false, clients, duration, cancellationToken);
        report.Bar("spans/s, plain", rate, 20_000, atLeast: true);
        var packed = plain.Select(TelemetryBodies.Gzip).ToArray();
        rate = await FloodAsync(report, server, "gzip", packed, true, clients, duration, cancellationToken);
        report.Bar("spans/s, gzip", rate, 20_000, atLeast: true);

        await FillAsync(server, cancellationToken);
        var state = await server.StateAsync(cancellationToken);
        report.Figure("residentMiBAtOnce", (await server.Process.ResidentMiBAsync(cancellationToken)).All);
        await Task.Delay(TimeSpan.FromSeconds(12), cancellationToken); // memory is given back when nothing has come for a while
        var (all, own) = await server.Process.ResidentMiBAsync(cancellationToken);
        foreach (var store in (string[])["traces", "logs", "metrics"])
        {
            var one = state.GetProperty(store);
            report.Note($"{store}: {one.GetProperty("Items")} kept, {one.GetProperty("Bytes").GetInt64() / 1048576.0:0.0} MiB by estimate, {one.GetProperty("Dropped")} dropped since the start");
        }

        report.Figure("residentMiB", all);
        report.Figure("ownMiB", own);
        report.Bar("resident memory with every store at its limit, MB", all * 1.048576, 250, atLeast: false);
        report.Print(Console.Out);
        return 0;
    }

    private static async Task<double> FloodAsync(
        Report report, DashboardServer server, string name, byte[][] bodies, bool gzip, int clients, TimeSpan duration, CancellationToken cancellationToken)
    {
        var next = -1;
        Task Send(CancellationToken cancel) => PostAsync(server, "/v1/traces", bodies[(Interlocked.Increment(ref next) & int.MaxValue) % Batches], gzip, cancel);
        await HttpLoad.RunAsync(clients, TimeSpan.FromSeconds(2), int.MaxValue, Send, cancellationToken); // compiles
        var flood = HttpLoad.RunAsync(server.Process, clients, duration, int.MaxValue, Send, cancellationToken);
        var api = SteadyLoad.RunAsync(5, duration, 2, cancel => HttpLoad.GetAsync(server.Pages, "/api/telemetry/traces?limit=20", cancel), cancellationToken);
        var page = SteadyLoad.RunAsync(2, duration, 2, cancel => HttpLoad.GetAsync(server.Pages, "/traces", cancel), cancellationToken);
        var load = await flood;
        var (apiLoad, pageLoad) = (await api, await page);
        var rate = load.PerSecond * TelemetryBodies.SpansPerBatch;
        var (resident, _) = await server.Process.ResidentMiBAsync(cancellationToken);
        report.Row(name, rate, load.ServerMilliseconds * 1_000 / TelemetryBodies.SpansPerBatch, apiLoad.Milliseconds.P99, pageLoad.Milliseconds.P99, resident);
        report.Figure(name + "SpansPerSecond", rate);
        report.Figure(name + "ApiP99Ms", apiLoad.Milliseconds.P99);
        report.Figure(name + "PageP99Ms", pageLoad.Milliseconds.P99);
        return rate;
    }

    // 10,000 traces of 12 spans are there; 10,000 log records of five resources, and an hour of 2,000 series.
    private static async Task FillAsync(DashboardServer server, CancellationToken cancellationToken)
    {
        for (var resource = 0; resource < 5; resource++)
        {
            for (var part = 0; part < 10; part++)
                await PostAsync(server, "/v1/logs", TelemetryBodies.Logs(resource, 1_000), false, cancellationToken);
        }

        var hour = TimeProvider.System.GetUtcNow() - TimeSpan.FromMinutes(59.5);
        for (var series = 0; series < Series; series += SeriesPerRequest)
        {
            foreach (var quarter in (int[])[0, 885, 1_770, 2_655])
                await PostAsync(server, "/v1/metrics", TelemetryBodies.Metrics(series, SeriesPerRequest, hour.AddSeconds(quarter), 885), false, cancellationToken);
        }
    }

    private static async Task PostAsync(DashboardServer server, string path, byte[] body, bool gzip, CancellationToken cancellationToken)
    {
        using var content = new ByteArrayContent(body);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/x-protobuf");
        if (gzip)
            content.Headers.ContentEncoding.Add("gzip");
        using var response = await server.Otlp.PostAsync(new Uri(path, UriKind.Relative), content, cancellationToken);
        await HttpLoad.ExpectAsync(response, HttpStatusCode.OK, cancellationToken);
    }
}
