using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace ImageAspire.Tests.EndToEnd;

/// <summary>AppHost with its real processes, on a free port and a folder that outlives it, so that it can be started again.</summary>
internal sealed partial class RunningApp : IAsyncDisposable
{
    public const int SigInt = 2;
    public const int SigTerm = 15;
    public const int SigCont = 18; // Linux
    public const int SigStop = 19;
    public const string Key = "end-to-end-tests-key";
    private readonly Process _process;
    private readonly ConcurrentQueue<string> _lines = new();

    private RunningApp(Process process, int port)
    {
        _process = process;
        Address = new Uri($"http://localhost:{port}");
        Client = new HttpClient { BaseAddress = Address, Timeout = TimeSpan.FromSeconds(30) };
        Client.DefaultRequestHeaders.Add("X-API-Key", Key);
    }

    public Uri Address { get; }

    public HttpClient Client { get; }

    public IReadOnlyCollection<string> Lines => _lines;

    public int ExitCode => _process.ExitCode;

    /// <summary>AppHost's own.</summary>
    public int ProcessId => _process.Id;

    /// <summary>The gallery's address with its token, as printed.</summary>
    public string SignInAddress => Told("Gallery");

    /// <summary>The dashboard's address with its token, as printed.</summary>
    public string DashboardAddress => Told("Dashboard");

    /// <param name="data">Folder.</param>
    /// <param name="workers">Workers.</param>
    /// <param name="vision">With the local vision service; most tests do without, and are faster.</param>
    /// <param name="environment">Variables that are different.</param>
    public static async Task<RunningApp> StartAsync(string data, int workers, bool vision = false, IReadOnlyDictionary<string, string>? environment = null)
    {
        return await ReadyAsync(Launch(data, workers, FreePort(), environment ?? new Dictionary<string, string>(), vision ? [] : ["--no-vision"]));
    }

    private static async Task<RunningApp> ReadyAsync(RunningApp app)
    {
        await Eventually.TrueAsync(() => app._process.HasExited || app._lines.Any(line => line.Contains("ImageAspire is running")));
        if (app._process.HasExited)
            throw new InvalidOperationException("AppHost ended:\n" + string.Join('\n', app._lines));
        return app;
    }

    /// <summary>The same with a dashboard on any free port.</summary>
    public static Task<RunningApp> StartWithDashboardAsync(string data, int workers, IReadOnlyDictionary<string, string>? environment = null) =>
        ReadyAsync(Launch(data, workers, FreePort(), environment ?? new Dictionary<string, string>(), "--no-vision", "--dashboard-port", $"{FreePort()}"));

    /// <summary>Starts it without waiting for anything.</summary>
    public static RunningApp Launch(string data, int workers, int port, params string[] more) =>
        Launch(data, workers, port, new Dictionary<string, string>(), more);

    /// <summary>The same on any free port, without vision.</summary>
    public static RunningApp Launch(string data, int workers, IReadOnlyDictionary<string, string> environment) =>
        Launch(data, workers, FreePort(), environment, "--no-vision");

    private static RunningApp Launch(string data, int workers, int port, IReadOnlyDictionary<string, string> environment, params string[] more)
    {
        var path = typeof(RunningApp).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().First(one => one.Key == "AppHost").Value!;
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        string[] key = more.Contains("--api-key") ? [] : ["--api-key", Key];
        string[] dashboard = more.Contains("--dashboard-port") || more.Contains("--no-dashboard") ? [] : ["--no-dashboard"]; // nobody looks, and starts are faster
        foreach (var argument in (string[])["exec", path, "--data", data, "--workers", $"{workers}", "--api-port", $"{port}", .. key, .. dashboard, .. more])
            start.ArgumentList.Add(argument);
        // The test host's own settings are not the product's.
        foreach (var name in start.Environment.Keys.Where(name => name.StartsWith("ASPNETCORE_", StringComparison.Ordinal)).ToList())
            start.Environment.Remove(name);
        // What a killed worker held comes back when its locks run out; a minute is right for users, and long for a test.
        start.Environment["Worker__LockDuration"] = "00:00:04";
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        var app = new RunningApp(new Process { StartInfo = start }, port);
        app._process.OutputDataReceived += (_, line) => app.Add(line.Data);
        app._process.ErrorDataReceived += (_, line) => app.Add(line.Data);
        app._process.Start();
        app._process.BeginOutputReadLine();
        app._process.BeginErrorReadLine();
        return app;
    }

    /// <summary>Process ids of every run of a service so far, the newest last.</summary>
    public List<int> ProcessesOf(string service) =>
        [.. _lines.Select(line => Started().Match(line)).Where(match => match.Success && match.Groups[1].Value == service).Select(match => int.Parse(match.Groups[2].Value))];

    public async Task<Guid> UploadAsync(byte[] file, string name = "photo.jpg")
    {
        using var body = new ByteArrayContent(file);
        body.Headers.ContentType = new MediaTypeHeaderValue("image/jpeg");
        body.Headers.Add("X-File-Name", Uri.EscapeDataString(name));
        using var answer = await Client.PostAsync(new Uri("/api/images", UriKind.Relative), body);
        answer.StatusCode.ShouldBe(HttpStatusCode.Accepted);
        return (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetGuid();
    }

    public async Task<List<Guid>> UploadManyAsync(int count, int firstSeed = 1)
    {
        var ids = new ConcurrentBag<Guid>();
        await Parallel.ForAsync(firstSeed, firstSeed + count, new ParallelOptions { MaxDegreeOfParallelism = 8 },
            async (seed, _) => ids.Add(await UploadAsync(TestImages.Jpeg(640, 480, seed))));
        return [.. ids];
    }

    /// <summary>The record; null while the Api is down or the image is unknown.</summary>
    public async Task<JsonElement?> FindAsync(Guid id)
    {
        try
        {
            using var answer = await Client.GetAsync(new Uri($"/api/images/{id}", UriKind.Relative));
            return answer.IsSuccessStatusCode ? await answer.Content.ReadFromJsonAsync<JsonElement>() : null;
        }
        catch (HttpRequestException)
        {
            return null; // between two lives of the Api
        }
    }

    public Task AnalyzedAsync(Guid id) => Eventually.TrueAsync(async () =>
        await FindAsync(id) is { } record && record.GetProperty("status").GetString() == "analyzed", TimeSpan.FromSeconds(60));

    public async Task AnalyzedAsync(IEnumerable<Guid> ids)
    {
        foreach (var id in ids)
            await AnalyzedAsync(id);
    }

    /// <summary>Images of all audit entries of a type, once there are at least so many.</summary>
    public async Task<List<Guid>> AuditAsync(string type, int atLeast)
    {
        var images = new List<Guid>();
        await Eventually.TrueAsync(async () =>
        {
            images.Clear();
            string? cursor = null;
            do
            {
                var page = await Client.GetFromJsonAsync<JsonElement>($"/api/audit?limit=200&type={type}" + (cursor is null ? "" : $"&cursor={cursor}"));
                images.AddRange(page.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("imageId").GetGuid()));
                cursor = page.TryGetProperty("next", out var next) ? next.GetString() : null;
            }
            while (cursor is not null);
            return images.Count >= atLeast;
        });
        return images;
    }

    public void Signal(int signal) => SendSignal(_process.Id, signal).ShouldBe(0);

    public static void Signal(int processId, int signal) => SendSignal(processId, signal).ShouldBe(0);

    public static void Kill(int processId)
    {
        using var process = Process.GetProcessById(processId);
        process.Kill();
    }

    public static bool IsAlive(int processId)
    {
        try
        {
            using var process = Process.GetProcessById(processId);
            return !process.HasExited;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    public async Task<int> ExitAsync()
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(45));
        await _process.WaitForExitAsync(patience.Token);
        return _process.ExitCode;
    }

    /// <summary>Ends AppHost alone, as the system would.</summary>
    public void KillAppHost() => _process.Kill();

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        if (!_process.HasExited)
        {
            Signal(SigInt);
            await ExitAsync();
        }

        _process.Dispose();
    }

    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private string Told(string about) =>
        _lines.Select(line => line.Trim()).First(line => line.StartsWith(about, StringComparison.Ordinal))[about.Length..].Trim();

    private void Add(string? line)
    {
        if (line is not null)
            _lines.Enqueue(line);
    }

    [GeneratedRegex(@"^\[apphost\] (\S+) started \(process (\d+)\)")]
    private static partial Regex Started();

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int SendSignal(int pid, int signal);
}
