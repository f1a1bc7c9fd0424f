using System.Security.Cryptography;
using System.Text;
using ImageAspire.Dashboard;
using ImageAspire.Dashboard.Resources;
using ImageAspire.Dashboard.Telemetry;
using Microsoft.Playwright;

namespace ImageAspire.Tests.Dashboard.Pages;

/// <summary>A dashboard of its own for a test, in this process, with a client that is signed in.</summary>
internal sealed class PagesHost : IAsyncDisposable
{
    public const string Token = "sign-in-token-of-the-tests";

    private readonly DashboardHost _host;

    private PagesHost(DashboardHost host, HttpClient client) => (_host, Client) = (host, client);

    public HttpClient Client { get; }

    public Uri Address => _host.Address;

    public TelemetryStore Store => _host.Telemetry;

    public static async Task<PagesHost> StartAsync(Action<DashboardOptions>? configure = null)
    {
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Token)));
        var options = new DashboardOptions { Port = 0, OtlpPort = 0, SignInTokenSha256 = hash, ApiKeySha256 = hash, OtlpKeySha256 = hash };
        configure?.Invoke(options);
        var host = await DashboardHost.StartAsync(options, new ResourceBoard(), new ConsoleLog(TimeProvider.System), new NoCommands(), default);
        var client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = host.Address };
        using var answer = await client.GetAsync($"/login?t={Token}");
        client.DefaultRequestHeaders.Add("Cookie", answer.Headers.GetValues("Set-Cookie").Select(cookie => cookie.Split(';')[0]));
        return new PagesHost(host, client);
    }

    /// <summary>A page of the browser that is signed in and shows an address of the dashboard.</summary>
    public async Task<IPage> OpenAsync(IBrowser browser, string address, int width = 1280, int height = 800, ColorScheme scheme = ColorScheme.Light)
    {
        var page = await browser.NewPageAsync(new() { ViewportSize = new() { Width = width, Height = height }, ColorScheme = scheme });
        await page.GotoAsync(new Uri(Address, $"/login?t={Token}&returnUrl={Uri.EscapeDataString(address)}").ToString());
        return page;
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _host.DisposeAsync();
    }

    private sealed class NoCommands : IResourceCommands
    {
        public Task StartAsync(string resource, CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(string resource, CancellationToken cancellationToken) => Task.CompletedTask;

        public Task RestartAsync(string resource, CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
