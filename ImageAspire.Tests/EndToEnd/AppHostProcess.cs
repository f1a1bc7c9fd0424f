using System.Collections.Concurrent;
using System.Diagnostics;
using ImageAspire.Tests.Hostile;

namespace ImageAspire.Tests.EndToEnd;

/// <summary>The AppHost as a process, as <c>dotnet run</c> starts it, with Aspire's real dashboard.</summary>
internal sealed class AppHostProcess : IAsyncDisposable
{
    public const int SigHup = 1;
    public const int SigInt = 2;
    public const int SigTerm = 15;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan StartPatience = TimeSpan.FromMinutes(3);
    private readonly Process _process;
    private readonly ConcurrentQueue<string> _lines = new();
    private readonly string _data;

    private AppHostProcess(ProcessStartInfo start, string data)
    {
        (_process, _data) = (new Process { StartInfo = start }, data);
        _process.OutputDataReceived += (_, line) => Add(line.Data);
        _process.ErrorDataReceived += (_, line) => Add(line.Data);
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    /// <summary>The dotnet that runs these tests.</summary>
    public static string Dotnet { get; } = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(typeof(object).Assembly.Location)!, "..", "..", "..", "dotnet"));

    public int Id => _process.Id;

    public IReadOnlyCollection<string> Lines => _lines;

    public string Output => string.Join('\n', _lines);

    /// <summary>Starts it with these options, and without the local vision service.</summary>
    public static AppHostProcess Launch(string data, params string[] options) => Launch(data, new Dictionary<string, string>(), options);

    /// <summary>The same with variables that are different.</summary>
    public static AppHostProcess Launch(string data, IReadOnlyDictionary<string, string> environment, params string[] options)
    {
        string[] free = [.. Option(options, "--api-port", $"{Ports.Free()}"), .. Option(options, "--dashboard-port", $"{Ports.Free()}"), .. Option(options, "--vision", "off")];
        var start = new ProcessStartInfo(Dotnet, ["exec", Programs.AppHost, "--data", data, .. free, .. options])
        {
            RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false,
        };
        // The test host's own settings are not the product's.
        foreach (var name in start.Environment.Keys.Where(name => name.StartsWith("ASPNETCORE_", StringComparison.Ordinal)).ToList())
            start.Environment.Remove(name);
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        return new AppHostProcess(start, data);
    }

    /// <summary>Waits until it says where everything is.</summary>
    public async Task<AppHostProcess> RunsAsync()
    {
        try
        {
            await Eventually.TrueAsync(() => _process.HasExited || _lines.Any(line => IsOf(line, "Data")), StartPatience); // behind all addresses
        }
        catch (TimeoutException)
        {
            await DisposeAsync(); // nobody else has it to end it
            throw new InvalidOperationException("AppHost did not get ready:\n" + Output);
        }

        if (_process.HasExited)
            throw new InvalidOperationException("AppHost ended:\n" + Output);
        return this;
    }

    /// <summary>What it printed behind a word: <c>Gallery</c>, <c>Dashboard</c>, <c>API key</c>.</summary>
    public string Printed(string about) =>
        _lines.First(line => IsOf(line, about)).Trim()[about.Length..].Trim();

    /// <summary>A client of the Api with the printed key.</summary>
    public HttpClient Client()
    {
        var client = new HttpClient { BaseAddress = new Uri(Printed("API"), UriKind.Absolute), Timeout = TimeSpan.FromSeconds(30) };
        client.DefaultRequestHeaders.Add("X-API-Key", Printed("API key"));
        return client;
    }

    /// <summary>Processes of our services that run on this data folder now, whoever started them (Linux).</summary>
    public List<int> Services() => Processes.WithVariable("Embedded__DataFolder", _data);

    public void Signal(int signal) => Processes.Signal(Id, signal);

    /// <summary>Ends it alone, as the system would.</summary>
    public void Kill() => _process.Kill();

    /// <summary>Waits for its end; its exit code.</summary>
    public async Task<int> ExitAsync()
    {
        using var limit = new CancellationTokenSource(Patience);
        await _process.WaitForExitAsync(limit.Token);
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            Signal(SigTerm);
            await ExitAsync();
        }

        _process.Dispose();
    }

    private static bool IsOf(string line, string about) => line.TrimStart().StartsWith(about + " ", StringComparison.Ordinal);

    private static string[] Option(string[] options, string name, string value) => options.Contains(name) ? [] : [name, value];

    private void Add(string? line)
    {
        if (line is not null)
            _lines.Enqueue(line);
    }
}
