using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using ImageAspire.Core.Failpoints;

namespace ImageAspire.Tests.Faults.Crashes;

/// <summary>Starts the processes of a run: one data folder, one port, short times.</summary>
internal sealed class CrashSystem : IDisposable
{
    public const string Key = "crash-harness-key-0123456789";

    /// <summary>Of a stage. Every kill counts as an attempt of the message under way, which is not at fault.</summary>
    public const int Attempts = 30;

    private readonly CrashOptions _options;
    private readonly Dictionary<string, string> _environment;

    /// <param name="options">What to start.</param>
    /// <param name="vision">Address of a vision service; null for none.</param>
    public CrashSystem(CrashOptions options, string? vision = null)
    {
        _options = options;
        Address = new Uri($"http://127.0.0.1:{Port()}");
        _environment = new Dictionary<string, string>
        {
            ["IMAGEASPIRE_STOP_WITH_PARENT"] = "1", ["DOTNET_ENVIRONMENT"] = "Production", ["DOTNET_TieredPGO"] = "0",
            ["Logging__LogLevel__Default"] = "Warning", ["Logging__LogLevel__ImageAspire.Worker.PipelineService"] = "Information",
            ["Worker__LockDuration"] = $"{options.LockDuration}", ["Worker__BackoffBase"] = "00:00:00.1", ["Worker__BackoffCap"] = "00:00:00.3",
            ["Worker__Attempts"] = $"{Attempts}", ["Worker__Concurrency"] = "2", ["Vision__Endpoint"] = vision ?? "", ["Vision__Key"] = Key, ["Uploads__UnfinishedPerKey"] = "10000",
            ["Worker__ScrubInterval"] = "00:00:02", ["Worker__ScrubBytesPerSecond"] = "16777216",
            ["Webhooks__AllowPrivateAddresses"] = "true", ["Webhooks__Poll"] = "00:00:00.2",
        };
        foreach (var (key, value) in options.Stores.Settings.Concat(options.Clock?.Environment ?? new Dictionary<string, string>()))
            _environment[key] = value;
        Http = new HttpClient { BaseAddress = Address, Timeout = TimeSpan.FromSeconds(30) };
        Http.DefaultRequestHeaders.Add("X-API-Key", Key);
    }

    public Uri Address { get; }

    public HttpClient Http { get; }

    public ChildService StartApi(string? failpoint = null) => StartApi(failpoint, []);

    /// <param name="failpoint">Where it dies; null for nowhere.</param>
    /// <param name="more">Other settings.</param>
    public ChildService StartApi(string? failpoint, params (string Name, string Value)[] more) => ChildService.Start("api", _options.Api, [], With(failpoint, new(
        more.Select(one => KeyValuePair.Create(one.Name, one.Value)))
    {
        ["ASPNETCORE_URLS"] = Address.ToString(), ["Access__Keys__0__Name"] = "crash",
        ["Access__Keys__0__Sha256"] = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Key))),
        ["Access__Keys__0__Scopes"] = "read,write,operate", ["Access__Keys__0__RequestsPerSecond"] = "0",
    }));

    /// <param name="failpoint">Where it dies; null for nowhere.</param>
    /// <param name="more">Other settings.</param>
    public ChildService StartWorker(string? failpoint = null, Dictionary<string, string>? more = null) =>
        ChildService.Start("worker", _options.Worker, [], With(failpoint, more ?? []));

    /// <summary>Waits until the Api answers; false when it has not after a long time, or <paramref name="api"/> is gone.</summary>
    public async Task<bool> AnswersAsync(ChildService api, CancellationToken cancellationToken)
    {
        for (var i = 0; i < 2_000 && !api.HasExited; i++)
        {
            try
            {
                using var answer = await Http.GetAsync(new Uri("/alive", UriKind.Relative), cancellationToken);
                if (answer.StatusCode == HttpStatusCode.OK)
                    return true;
            }
            catch (HttpRequestException)
            {
                // Not yet.
            }

            await Task.Delay(20, cancellationToken);
        }

        return false;
    }

    /// <summary>Waits until a worker takes messages; false when it has not after a long time, or is gone.</summary>
    public static async Task<bool> WorksAsync(ChildService worker)
    {
        for (var i = 0; i < 2_000 && !worker.HasExited; i++)
        {
            if (worker.Lines.Any(line => LogEvents.IsEvent(line, "LogStarted")))
                return true;
            await Task.Delay(20);
        }

        return false;
    }

    public void Dispose() => Http.Dispose();

    private Dictionary<string, string> With(string? failpoint, Dictionary<string, string> more)
    {
        foreach (var (key, value) in _environment)
            more.TryAdd(key, value);
        if (failpoint is not null)
            more[Failpoint.Variable] = failpoint;
        return more;
    }

    /// <summary>A port that is free, below those that systems give to connections by themselves: while a process is down, no other may get its port.</summary>
    public static int Port()
    {
        for (var i = 0; i < 100; i++)
        {
            var port = Random.Shared.Next(20_000, 32_000);
            try
            {
                using var listener = new TcpListener(IPAddress.Loopback, port);
                listener.Start();
                return port;
            }
            catch (SocketException)
            {
                // It is in use.
            }
        }

        throw new InvalidOperationException("There is no free port from 20,000 to 32,000.");
    }
}
