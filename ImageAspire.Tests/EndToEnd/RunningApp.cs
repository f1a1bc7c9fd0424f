using System.Collections.Concurrent;
using System.Text.RegularExpressions;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;

namespace ImageAspire.Tests.EndToEnd;

/// <summary>The AppHost's model with its real processes, under Aspire's orchestrator, on a folder that outlives it, so that it can be started again.</summary>
internal sealed partial class RunningApp : IAsyncDisposable
{
    public const string Key = "end-to-end-tests-key";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);
    private readonly DistributedApplication _app;
    private readonly ConsoleLines _lines;
    private readonly ConcurrentQueue<(string Service, int Id)> _processes = new();
    private readonly CancellationTokenSource _ended = new();
    private Task _watching = Task.CompletedTask;

    private RunningApp(DistributedApplication app, ConsoleLines lines, FakeLogCollector log, int port)
    {
        (_app, _lines, AppHostLog) = (app, lines, log);
        Address = new Uri($"http://localhost:{port}");
        Client = new HttpClient { BaseAddress = Address, Timeout = TimeSpan.FromSeconds(30) };
        Client.DefaultRequestHeaders.Add("X-API-Key", Key);
    }

    public Uri Address { get; }

    public HttpClient Client { get; }

    /// <summary>What the services and the AppHost said: <c>[worker] …</c>, <c>[apphost] …</c>.</summary>
    public IReadOnlyCollection<string> Lines => _lines.All;

    /// <summary>What the AppHost's own code logged.</summary>
    public FakeLogCollector AppHostLog { get; }

    /// <summary>Starts it and waits until Api and workers are up.</summary>
    /// <param name="data">Folder.</param>
    /// <param name="workers">Workers; one is called <c>worker</c>, several <c>worker-1</c>, …</param>
    /// <param name="vision">With the local vision service; most tests do without, and are faster.</param>
    /// <param name="environment">Variables of the services that are different.</param>
    public static async Task<RunningApp> StartAsync(string data, int workers, bool vision = false, IReadOnlyDictionary<string, string>? environment = null)
    {
        var app = await LaunchAsync(data, workers, vision, environment);
        using var limit = new CancellationTokenSource(Patience);
        foreach (var service in (string[])["api", .. Workers(workers), .. vision ? (string[])["vision"] : []])
            await app._app.ResourceNotifications.WaitForResourceAsync(service, change => change.Snapshot.HealthStatus is HealthStatus.Healthy or HealthStatus.Degraded, limit.Token);
        return app;
    }

    private static bool IsOfTheModel(string? category, LogLevel level) =>
        level >= LogLevel.Information && category?.StartsWith("ImageAspire.AppHost.Model", StringComparison.Ordinal) == true;

    /// <summary>Starts it without waiting for anything.</summary>
    public static async Task<RunningApp> LaunchAsync(string data, int workers, bool vision = false, IReadOnlyDictionary<string, string>? environment = null)
    {
        var port = Ports.Free();
        var builder = await DistributedApplicationTestingBuilder.CreateAsync<Projects.ImageAspire_AppHost>(
        [
            "--data", data, "--workers", $"{workers}", "--api-port", $"{port}", "--dashboard-port", $"{Ports.Free()}", "--api-key", Key, "--vision", vision ? "local" : "off",
        ]);
        var (lines, log) = (new ConsoleLines(), new FakeLogCollector());
        builder.Services.AddLogging(logging => logging.AddProvider(lines).AddProvider(new FakeLoggerProvider(log))
            .AddFilter<ConsoleLines>(IsOfTheModel).AddFilter<FakeLoggerProvider>(IsOfTheModel));
        foreach (var service in builder.Resources.OfType<IResourceWithEnvironment>().Where(one => one is not ParameterResource))
        {
            service.Annotations.Add(new EnvironmentCallbackAnnotation(variables =>
            {
                // What a killed worker held comes back when its locks run out; a minute is right for users, and long for a test.
                variables["Worker__LockDuration"] = "00:00:04";
                foreach (var (name, value) in environment ?? new Dictionary<string, string>())
                    variables[name] = value;
            }));
        }

        var app = await builder.BuildAsync();
        var running = new RunningApp(app, lines, log, port);
        running._watching = running.WatchAsync();
        await app.StartAsync();
        return running;
    }

    /// <summary>Process ids of every run of a service so far, the newest last.</summary>
    public List<int> ProcessesOf(string service) => [.. _processes.Where(one => one.Service == service).Select(one => one.Id)];

    /// <summary>Waits until a service has ended; its exit code.</summary>
    public async Task<int?> EndsAsync(string service)
    {
        using var limit = new CancellationTokenSource(Patience);
        return (await _app.ResourceNotifications.WaitForResourceAsync(service, change => KnownResourceStates.TerminalStates.Contains(change.Snapshot.State?.Text), limit.Token)).Snapshot.ExitCode;
    }

    /// <summary>Waits until a service's health is reported so, with a reason that contains the text.</summary>
    public async Task BecomesHealthAsync(string service, string health, string reason)
    {
        using var limit = new CancellationTokenSource(Patience);
        await _app.ResourceNotifications.WaitForResourceAsync(service, change => change.Snapshot.HealthStatus?.ToString() == health
            && change.Snapshot.HealthReports.Any(report => report.Description?.Contains(reason, StringComparison.Ordinal) == true), limit.Token);
    }

    /// <summary>A command of the dashboard: <c>start</c>, <c>stop</c>, <c>restart</c>, or one of ours.</summary>
    public async Task CommandAsync(string service, string command) =>
        (await _app.Services.GetRequiredService<ResourceCommandService>().ExecuteCommandAsync(service, command, CancellationToken.None)).Success.ShouldBeTrue();

    /// <summary>A sign-in link, as the dashboard's command shows it.</summary>
    public async Task<string> SignInLinkAsync()
    {
        var result = await _app.Services.GetRequiredService<ResourceCommandService>().ExecuteCommandAsync("api", "sign-in", CancellationToken.None);
        result.Success.ShouldBeTrue();
        return MarkdownLink().Match(result.Data!.Value).Groups[1].Value;
    }

    /// <summary>Waits until a service runs and a property, which the dashboard shows without being asked for all, has this value.</summary>
    public async Task BecomesPropertyAsync(string service, string name, object value)
    {
        using var limit = new CancellationTokenSource(Patience);
        await _app.ResourceNotifications.WaitForResourceAsync(service, change => change.Snapshot.State?.Text == KnownResourceStates.Running
            && change.Snapshot.Properties.Any(one => one.Name == name && one.IsHighlighted && value.Equals(one.Value)), limit.Token);
    }

    /// <summary>Stops everything in order, as Ctrl+C does.</summary>
    public Task StopAsync() => _app.StopAsync();

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _app.StopAsync();
        await _ended.CancelAsync();
        await _watching.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _app.DisposeAsync();
        _ended.Dispose();
    }

    [GeneratedRegex(@"\((http[^)]+)\)")]
    private static partial Regex MarkdownLink();

    private static IEnumerable<string> Workers(int workers) => workers == 1 ? ["worker"] : Enumerable.Range(1, workers).Select(number => $"worker-{number}");

    private async Task WatchAsync()
    {
        var logs = _app.Services.GetRequiredService<ResourceLoggerService>();
        var following = new ConcurrentDictionary<string, Task>(StringComparer.Ordinal);
        await foreach (var change in _app.ResourceNotifications.WatchAsync(_ended.Token))
        {
            if (change.Resource is ParameterResource)
                continue;
            _ = following.GetOrAdd(change.ResourceId, _ => _lines.FollowAsync(change.Resource.Name, logs.WatchAsync(change.ResourceId), _ended.Token));
            var process = change.Snapshot.Properties.FirstOrDefault(one => one.Name == "executable.pid")?.Value as int?;
            if (process is { } id && change.Snapshot.State?.Text == KnownResourceStates.Running && !_processes.Contains((change.Resource.Name, id)))
                _processes.Enqueue((change.Resource.Name, id));
        }
    }
}
