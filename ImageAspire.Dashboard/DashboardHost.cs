using ImageAspire.Dashboard.Access;
using ImageAspire.Dashboard.Api;
using ImageAspire.Dashboard.Components;
using ImageAspire.Dashboard.Otlp;
using ImageAspire.Dashboard.Resources;
using ImageAspire.Dashboard.Telemetry;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ImageAspire.Dashboard;

/// <summary>
/// The service dashboard: two web servers on loopback over one store. One takes telemetry in (OTLP), the other shows it: they share no
/// address and no key, so neither can be mistaken for the other.
/// </summary>
public sealed class DashboardHost : IAsyncDisposable
{
    private readonly WebApplication _intake;
    private readonly WebApplication _pages;

    private DashboardHost(WebApplication intake, WebApplication pages)
    {
        _intake = intake;
        _pages = pages;
    }

    /// <summary>Where senders of telemetry find it: the value for <c>OTEL_EXPORTER_OTLP_ENDPOINT</c>.</summary>
    public Uri OtlpEndpoint => AddressOf(_intake);

    /// <summary>Where the pages are.</summary>
    public Uri Address => AddressOf(_pages);

    /// <summary>What it has received.</summary>
    internal TelemetryStore Telemetry => _pages.Services.GetRequiredService<TelemetryStore>();

    /// <summary>Starts both; returns when both listen.</summary>
    /// <param name="options">How.</param>
    /// <param name="board">The resources to show.</param>
    /// <param name="console">Their lines.</param>
    /// <param name="commands">What can be done to them.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="IOException">The port of the pages is in use.</exception>
    public static async Task<DashboardHost> StartAsync(
        DashboardOptions options, ResourceBoard board, ConsoleLog console, IResourceCommands commands, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(options);
        var store = new TelemetryStore(options.Limits, TimeProvider.System);
        var intake = await OtlpServer.StartAsync(options, store, cancellationToken);
        WebApplication? pages = null;
        try
        {
            pages = BuildPages(options, store, board, console, commands);
            await pages.StartAsync(cancellationToken);
            return new DashboardHost(intake, pages);
        }
        catch
        {
            if (pages is not null)
                await pages.DisposeAsync();
            await intake.DisposeAsync();
            throw;
        }
    }

    private static WebApplication BuildPages(
        DashboardOptions options, TelemetryStore store, ResourceBoard board, ConsoleLog console, IResourceCommands commands)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        Quiet(builder);
        builder.Services.AddSingleton(options).AddSingleton(store).AddSingleton(board).AddSingleton(console).AddSingleton(commands);
        builder.Services.AddAccess();
        builder.Services.AddPages();

        var app = builder.Build();
        Listen(app, options.Port);
        app.UseSecurityHeaders();
        app.UseErrorPage();
        app.UseRouting();
        app.UseAccess();
        app.UsePageVersions();
        app.MapAssets();
        app.MapSignIn();
        app.MapTelemetryApi();
        app.MapPages();
        return app;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _pages.DisposeAsync();
        await _intake.DisposeAsync();
    }

    // Nothing of the environment or of files configures it, and it writes nothing to the console but what is wrong: AppHost speaks for it.
    internal static void Quiet(WebApplicationBuilder builder)
    {
        builder.Configuration.Sources.Clear();
        builder.Services.AddSingleton<IHostLifetime, HostedLifetime>();
        builder.Logging.ClearProviders().AddSimpleConsole(console => console.SingleLine = true).SetMinimumLevel(LogLevel.Warning)
            .AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.None); // a port that is taken: thrown, and answered by the next one or by AppHost
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.AddServerHeader = false);
    }

    // As an address and not as an endpoint of Kestrel's: beside one of those it warns of ASPNETCORE_URLS, which is not meant for the dashboard.
    internal static void Listen(WebApplication app, int port) => app.Urls.Add(port == 0 ? "http://127.0.0.1:0" : $"http://localhost:{port}");

    /// <summary>Ctrl+C and SIGTERM are for the host of the dashboard, which ends it after the services: their last telemetry is wanted.</summary>
    private sealed class HostedLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }

    private static Uri AddressOf(WebApplication app)
    {
        var address = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
        return new Uri(address.Replace("[::1]", "localhost", StringComparison.Ordinal).Replace("127.0.0.1", "localhost", StringComparison.Ordinal));
    }
}
