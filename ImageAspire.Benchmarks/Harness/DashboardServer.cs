using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using ImageAspire.Dashboard;
using ImageAspire.Dashboard.Resources;

namespace ImageAspire.Benchmarks.Harness;

/// <summary>The dashboard in a process of its own.</summary>
internal sealed class DashboardServer : IAsyncDisposable
{
    /// <summary>Hidden argument with which this program becomes the dashboard.</summary>
    public const string Name = "dashboard";

    private const string Key = "benchmark-key-of-the-dashboard";

    private DashboardServer(ChildProcess process, HttpClient otlp, HttpClient pages) => (Process, Otlp, Pages) = (process, otlp, pages);

    public ChildProcess Process { get; }

    /// <summary>Sends telemetry.</summary>
    public HttpClient Otlp { get; }

    /// <summary>Reads the API, and the pages as somebody who has signed in.</summary>
    public HttpClient Pages { get; }

    public static async Task<DashboardServer> StartAsync(CancellationToken cancellationToken)
    {
        var (pages, otlp) = (ChildProcess.FreePort(), ChildProcess.FreePort());
        var program = Environment.ProcessPath!;
        string[] self = Path.GetFileNameWithoutExtension(program) == "dotnet" ? [typeof(DashboardServer).Assembly.Location] : [];
        var process = ChildProcess.Start(program, [.. self, Name, Text(pages), Text(otlp)]);
        var server = new DashboardServer(
            process, HttpLoad.Client(new Uri($"http://localhost:{otlp}")), HttpLoad.Client(new Uri($"http://localhost:{pages}"), Key));
        try
        {
            server.Otlp.DefaultRequestHeaders.Add("x-otlp-api-key", Key);
            await HttpLoad.FirstOkAsync(server.Pages, "/api/telemetry/resources", process, TimeProvider.System.GetTimestamp(), cancellationToken);
            using var signedIn = await server.Pages.GetAsync(new Uri("/login?t=" + Key, UriKind.Relative), cancellationToken);
            if (signedIn.Headers.TryGetValues("Set-Cookie", out var cookies))
                server.Pages.DefaultRequestHeaders.Add("Cookie", cookies.First().Split(';')[0]);
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>What each store keeps: the process says so every second.</summary>
    public async Task<JsonElement> StateAsync(CancellationToken cancellationToken)
    {
        await Task.Delay(TimeSpan.FromSeconds(2.5), cancellationToken);
        var line = Process.LastLines.Split(Environment.NewLine).Last(one => one.StartsWith('{'));
        return JsonSerializer.Deserialize<JsonElement>(line);
    }

    /// <summary>Is the dashboard, until it is stopped. Arguments: the port of the pages, the port of OTLP.</summary>
    public static async Task<int> RunAsync(string[] args, CancellationToken cancellationToken)
    {
        var hash = Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(Key)));
        var options = new DashboardOptions
        {
            Port = int.Parse(args[0], CultureInfo.InvariantCulture), OtlpPort = int.Parse(args[1], CultureInfo.InvariantCulture),
            SignInTokenSha256 = hash, ApiKeySha256 = hash, OtlpKeySha256 = hash,
        };
        await using var host = await DashboardHost.StartAsync(
            options, new ResourceBoard(), new ConsoleLog(TimeProvider.System), new NoCommands(), cancellationToken);
        using var tick = new PeriodicTimer(TimeSpan.FromSeconds(1));
        // Standard input closes when the benchmark ends, however it ends; then nobody is left to serve.
        // The console reads synchronously, whatever it is called.
        var end = Task.Run(Console.In.ReadLine, cancellationToken);
        while (!end.IsCompleted && await tick.WaitForNextTickAsync(cancellationToken))
            Console.WriteLine(JsonSerializer.Serialize(new { traces = host.Telemetry.Traces.State, logs = host.Telemetry.Logs.State, metrics = host.Telemetry.Metrics.State }));
        return 0;
    }

    public async ValueTask DisposeAsync()
    {
        Otlp.Dispose();
        Pages.Dispose();
        await Process.DisposeAsync();
    }

    private static string Text(int port) => port.ToString(CultureInfo.InvariantCulture);

    private sealed class NoCommands : IResourceCommands
    {
        public Task StartAsync(string resource, CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(string resource, CancellationToken cancellationToken) => Task.CompletedTask;

        public Task RestartAsync(string resource, CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
