using System.Net;
using System.Net.Http.Headers;
using ImageAspire.Benchmarks.Data;
using ImageAspire.Benchmarks.Harness;
using ImageAspire.Benchmarks.Peers;

namespace ImageAspire.Benchmarks;

/// <summary>Uploads per second, each durable when it is acknowledged.</summary>
internal static class UploadBenchmark
{
    public const string What = """
        distinct JPEGs over keep-alive connections, durable 202s, beside Azurite's blob PUT of the same bytes
        --clients 16  --uploads 1500 (a round)  --rounds 3  --bytes 700000  --image FILE (a real JPEG instead of noise)
        --form raw|multipart  --workers 0|1  --api DIR  --worker DIR (published)  --azurite DIR (its node_modules; "none" leaves it out)
        """;

    // The design's figure for Directus 11, not measured here: see "Speed" in docs/benchmarks.md.
    private const double DirectusPerSecond = 69;

    public static async Task<int> RunAsync(string[] args, CancellationToken cancellationToken)
    {
        var options = Options.Parse(args, "--clients", "--uploads", "--rounds", "--bytes", "--image", "--form", "--workers", "--api", "--worker", "--azurite");
        var clients = options.Number("--clients", 16, 1, 256);
        var uploads = options.Number("--uploads", 1500, 1, 20_000);
        var rounds = options.Number("--rounds", 3, 1, 20);
        var workers = options.Number("--workers", 0, 0, 1);
        var multipart = options.Text("--form") == "multipart";
        var bodies = options.Text("--image") is { } image
            ? await JpegBodies.FromFileAsync(image, cancellationToken)
            : JpegBodies.Noise(options.Number("--bytes", 700_000, 1_000, 50_000_000));

        using var temp = new TempFolder("upload");
        var published = await Published.ProjectAsync("ImageAspire.Api", options.Text("--api"), temp, cancellationToken);
        await using var api = await ApiServer.StartAsync(published, temp.Of("data"), cancellationToken);
        await using var worker = workers == 0 ? null
            : ApiServer.StartWorker(await Published.ProjectAsync("ImageAspire.Worker", options.Text("--worker"), temp, cancellationToken), temp.Of("data"));
        await using var azurite = options.Text("--azurite") == "none" ? null
            : await Azurite.StartAsync(options.Text("--azurite"), temp.Of("azurite"), cancellationToken);
        using var client = HttpLoad.Client(api.Address, ApiServer.Key);

        Task SendAsync(CancellationToken token) => UploadAsync(client, multipart ? Form(bodies.Next()) : Raw(bodies.Next()), token);
        Task PutAsync(CancellationToken token) => azurite!.PutAsync(bodies.Next(), token);
        Task<HttpLoad> RoundAsync(ChildProcess server, Func<CancellationToken, Task> send, int count) =>
            HttpLoad.RunAsync(server, clients, TimeSpan.FromMinutes(2), count, send, cancellationToken);

        List<HttpLoad> ours = [], theirs = [];
        for (var round = 0; round <= rounds; round++)
        {
            // Round 0 warms both up. Before each turn the disk is idle: neither pays for what the other has left in the page cache.
            await DiskSync.AllAsync(cancellationToken);
            ours.Add(await RoundAsync(api.Process, SendAsync, round == 0 ? 400 : uploads));
            await DiskSync.AllAsync(cancellationToken);
            if (azurite is not null)
                theirs.Add(await RoundAsync(azurite.Process, PutAsync, round == 0 ? 400 : uploads));
        }

        var report = new Report("upload", "", "uploads/s", "MB/s", "p50 ms", "p99 ms", "worst ms", "server CPU ms each", "rounds (uploads/s)");
        report.Setting("clients", clients);
        report.Setting("bytes", bodies.Length);
        report.Setting("form", multipart ? "multipart" : "raw");
        report.Setting("workers", workers);
        report.Setting("readyToRun", published.ReadyToRun);
        var mine = Add(report, $"ImageAspire ({(multipart ? "multipart" : "raw body")}, {workers} workers, durable)", "imageaspire", ours, bodies.Length);
        var (all, own) = await api.Process.ResidentMiBAsync(cancellationToken);
        report.Note($"Api resident: {all:0} MiB, of which its own {own:0} MiB.");
        report.Figure("apiResidentMiB", all);
        report.Bar("uploads against the design's figure of Directus 11 (69/s, not run here)", mine / DirectusPerSecond, 8, atLeast: true);
        if (theirs.Count > 0)
            report.Bar("uploads against Azurite's blob PUT", mine / Add(report, "Azurite blob PUT (not synced to disk)", "azurite", theirs, bodies.Length), 1, atLeast: true);
        report.Print(Console.Out);
        return 0;
    }

    /// <summary>Uploads one image and expects 202.</summary>
    public static async Task UploadAsync(HttpClient client, HttpContent content, CancellationToken cancellationToken)
    {
        using var response = await client.PostAsync(new Uri("/api/images", UriKind.Relative), content, cancellationToken);
        await HttpLoad.ExpectAsync(response, HttpStatusCode.Accepted, cancellationToken);
        await response.Content.ReadAsByteArrayAsync(cancellationToken);
        content.Dispose();
    }

    /// <summary>The image as the request body, without a form.</summary>
    public static HttpContent Raw(HttpContent body)
    {
        body.Headers.ContentType = new MediaTypeHeaderValue("image/jpeg");
        return body;
    }

    private static MultipartFormDataContent Form(HttpContent body) => new() { { Raw(body), "file", "image.jpg" } };

    private static double Add(Report report, string name, string key, List<HttpLoad> rounds, int bytes)
    {
        var measured = rounds.Skip(1).ToList();
        var rate = new Samples(measured.Select(round => round.PerSecond)).Median;
        var cost = new Samples(measured.Select(round => round.ServerMilliseconds)).Median;
        var times = Samples.Merge(measured.Select(round => round.Milliseconds));
        report.Row(name, rate, rate * bytes / 1e6, times.Median, times.P99, times.Max, cost, string.Join(" ", measured.Select(round => round.PerSecond.ToString("0"))));
        report.Figure(key + "PerSecond", rate);
        report.Figure(key + "P50Ms", times.Median);
        report.Figure(key + "P99Ms", times.P99);
        report.Figure(key + "ServerCpuMs", cost);
        return rate;
    }
}
