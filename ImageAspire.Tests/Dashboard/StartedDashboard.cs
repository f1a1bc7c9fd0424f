using System.Net;
using System.Security.Cryptography;
using System.Text;
using ImageAspire.Dashboard;
using ImageAspire.Dashboard.Resources;
using ImageAspire.Dashboard.Telemetry;

namespace ImageAspire.Tests.Dashboard;

/// <summary>A dashboard in this process, on free ports, over resources and telemetry that a test makes up.</summary>
internal sealed class StartedDashboard : IAsyncDisposable
{
    public const string Token = "sign-in-token-of-the-tests";
    public const string ApiKey = "api-key-of-the-tests";
    public const string OtlpKey = "otlp-key-of-the-tests";

    private readonly DashboardHost _host;

    private StartedDashboard(DashboardHost host, ResourceBoard board, ConsoleLog console, MadeUpCommands commands) =>
        (_host, Board, Console, Commands) = (host, board, console, commands);

    public ResourceBoard Board { get; }

    public ConsoleLog Console { get; }

    public MadeUpCommands Commands { get; }

    public TelemetryStore Telemetry => _host.Telemetry;

    public Uri Address => _host.Address;

    public Uri OtlpEndpoint => _host.OtlpEndpoint;

    /// <summary>The address that AppHost would print.</summary>
    public string SignInAddress => new Uri(Address, $"/login?t={Token}").ToString();

    public static async Task<StartedDashboard> StartAsync(Action<DashboardOptions>? configure = null)
    {
        var (board, console) = (new ResourceBoard(), new ConsoleLog(TimeProvider.System));
        var commands = new MadeUpCommands(board);
        var options = new DashboardOptions
        {
            Port = 0, OtlpPort = 0, SignInTokenSha256 = Hash(Token), ApiKeySha256 = Hash(ApiKey), OtlpKeySha256 = Hash(OtlpKey),
        };
        configure?.Invoke(options);
        return new StartedDashboard(await DashboardHost.StartAsync(options, board, console, commands, CancellationToken.None), board, console, commands);
    }

    /// <summary>A browser without script: it keeps cookies and follows no redirects.</summary>
    public HttpClient Browser() =>
        new(new SocketsHttpHandler { AllowAutoRedirect = false, CookieContainer = new CookieContainer(), AutomaticDecompression = DecompressionMethods.None }) { BaseAddress = Address };

    public async Task<HttpClient> SignedInAsync()
    {
        var browser = Browser();
        using var answer = await browser.GetAsync(SignInAddress);
        answer.StatusCode.ShouldBe(HttpStatusCode.SeeOther);
        return browser;
    }

    public void Put(string name, Func<Resource, Resource>? change = null) =>
        Board.Update(new Resource(name, "Project"), one => (change ?? (now => now with { State = ResourceState.Running, Health = ResourceHealth.Healthy }))(one));

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    private static string Hash(string text) => Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}

/// <summary>Commands that a test lets end.</summary>
internal sealed class MadeUpCommands(ResourceBoard board) : IResourceCommands
{
    private readonly List<string> _given = [];

    /// <summary>What was asked for: <c>restart api</c>.</summary>
    public IReadOnlyList<string> Given
    {
        get
        {
            lock (_given)
                return [.. _given];
        }
    }

    /// <summary>Commands wait for it.</summary>
    public Task Ends { get; set; } = Task.CompletedTask;

    public Task StartAsync(string resource, CancellationToken cancellationToken) => DoAsync("start", resource, ResourceState.Running, cancellationToken);

    public Task StopAsync(string resource, CancellationToken cancellationToken) => DoAsync("stop", resource, ResourceState.Exited, cancellationToken);

    public Task RestartAsync(string resource, CancellationToken cancellationToken) => DoAsync("restart", resource, ResourceState.Running, cancellationToken);

    private async Task DoAsync(string command, string resource, ResourceState state, CancellationToken cancellationToken)
    {
        lock (_given)
            _given.Add($"{command} {resource}");
        await Ends.WaitAsync(cancellationToken);
        board.Update(new Resource(resource, "Project"), one => one with { State = state, Restarts = one.Restarts + (command == "restart" ? 1 : 0) });
    }
}
