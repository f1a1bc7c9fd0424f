using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Text.RegularExpressions;
using ImageAspire.Tests.EndToEnd;
using ImageAspire.Tests.Hostile;
using ImageAspire.Vision.Api;

namespace ImageAspire.Tests.Vision;

/// <summary>The vision service as a process of its own.</summary>
internal sealed partial class VisionProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly ConcurrentQueue<string> _lines = new();

    private VisionProcess(ProcessStartInfo start)
    {
        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += (_, line) => Add(line.Data);
        _process.ErrorDataReceived += (_, line) => Add(line.Data);
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public int Id => _process.Id;

    public string Output => string.Join('\n', _lines);

    /// <summary>Its standard input, whose end may end it.</summary>
    public StreamWriter Input => _process.StandardInput;

    /// <summary>The most memory that it ever held (Linux).</summary>
    public long PeakBytes => PeakOf(Id);

    /// <summary>The most memory that its decoders of now ever held, together (Linux).</summary>
    public long DecoderPeakBytes => Processes.ChildrenOf(Id).Sum(PeakOf);

    /// <summary>Starts it with a key, on a free port, with these variables besides.</summary>
    public static VisionProcess Launch(params (string Name, string Value)[] environment) => Launch(AppHostProcess.Dotnet, ["exec", Programs.Vision], environment);

    /// <summary>The same with a limit of memory.</summary>
    public static VisionProcess LaunchIn(MemoryCgroup container) =>
        Launch("/bin/sh", ["-c", $"echo $$ > {container.Processes} && exec '{AppHostProcess.Dotnet}' exec '{Programs.Vision}'"], []);

    private static VisionProcess Launch(string program, string[] arguments, (string Name, string Value)[] environment)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false,
        };
        // The test host's own settings are not the service's.
        foreach (var name in start.Environment.Keys.Where(name => name.StartsWith("ASPNETCORE_", StringComparison.Ordinal) || name.StartsWith("DOTNET_", StringComparison.Ordinal)).ToList())
            start.Environment.Remove(name);
        foreach (var (name, value) in ((string, string)[])[("Vision__Key", VisionHost.Key), ("ASPNETCORE_URLS", "http://127.0.0.1:0"), .. environment])
            start.Environment[name] = value;
        return new VisionProcess(start);
    }

    /// <summary>Waits until it is ready.</summary>
    /// <returns>A client with its address and the key.</returns>
    public async Task<HttpClient> RunsAsync()
    {
        await Eventually.TrueAsync(() => _process.HasExited || Address().IsMatch(Output));
        if (_process.HasExited)
            throw new InvalidOperationException("Vision ended:\n" + Output);
        var client = new HttpClient { BaseAddress = new Uri(Address().Match(Output).Groups[1].Value) };
        client.DefaultRequestHeaders.Add(VisionKey.Header, VisionHost.Key);
        return client;
    }

    /// <summary>Asks for features of an image.</summary>
    public static Task<HttpResponseMessage> AnalyzeAsync(HttpClient client, byte[] image, string features = "tags,objects,people,caption,read")
    {
        var body = new ByteArrayContent(image);
        body.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
        return client.PostAsync($"/computervision/imageanalysis:analyze?api-version=2023-10-01&features={features}", body);
    }

    /// <summary>Ends it as the system would.</summary>
    public void Kill() => _process.Kill();

    public void Signal(int signal) => Processes.Signal(Id, signal);

    /// <summary>Waits for its end; its exit code.</summary>
    public async Task<int> ExitAsync()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        await _process.WaitForExitAsync(limit.Token);
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            await ExitAsync();
        }

        _process.Dispose();
    }

    private void Add(string? line)
    {
        if (line is not null)
            _lines.Enqueue(line);
    }

    private static long PeakOf(int id)
    {
        try
        {
            var line = File.ReadLines($"/proc/{id}/status").FirstOrDefault(one => one.StartsWith("VmHWM:", StringComparison.Ordinal));
            return line is null ? 0 : long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2].Split('\t')[^1], CultureInfo.InvariantCulture) * 1024;
        }
        catch (IOException)
        {
            return 0; // it has ended
        }
    }

    [GeneratedRegex(@"Vision is ready on (http://[^ ,]+)")]
    private static partial Regex Address();
}
