using ImageAspire.Dashboard.Api;
using ImageAspire.Dashboard.Telemetry;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace ImageAspire.Dashboard.Otlp;

/// <summary>
/// Takes telemetry in: OTLP 1.x over HTTP with protobuf bodies, on loopback, from those who show the key in <c>x-otlp-api-key</c>.
/// </summary>
internal static class OtlpServer
{
    /// <summary>The header with the key, as Aspire's dashboard has it.</summary>
    public const string KeyHeader = "x-otlp-api-key";

    // Ports that are tried after the one that is asked for.
    private const int OtherPorts = 20;
    private const int MaxConnections = 256;
    // Bodies of the largest size that may be received at the same time; the next one is told to come again.
    private const long LargestBodies = 4;

    /// <exception cref="IOException">The port and those after it are in use.</exception>
    /// <exception cref="ArgumentException"><see cref="DashboardOptions.OtlpKeySha256"/> is no hash.</exception>
    public static async Task<WebApplication> StartAsync(DashboardOptions options, TelemetryStore store, CancellationToken cancellationToken)
    {
        for (var port = options.OtlpPort; ; port++)
        {
            if (port > 0 && (port == options.Port || options.ReservedPorts.Contains(port)))
                continue;
            var app = Build(options, store, port);
            try
            {
                await app.StartAsync(cancellationToken);
                return app;
            }
            catch (IOException) when (options.OtlpPort > 0 && port < Math.Min(options.OtlpPort + OtherPorts, 65_535))
            {
                await app.DisposeAsync();
            }
            catch
            {
                await app.DisposeAsync();
                throw;
            }
        }
    }

    private static WebApplication Build(DashboardOptions options, TelemetryStore store, int port)
    {
        var key = new KeyHash(options.OtlpKeySha256);
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        DashboardHost.Quiet(builder);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Limits.MaxConcurrentConnections = MaxConnections;
            kestrel.Limits.MaxRequestBodySize = options.Limits.RequestBytes;
        });
        builder.Services.AddSingleton(_ => new OtlpIntake(store)); // disposed with the server
        builder.Services.AddHostedService(provider => new AfterFlood(provider.GetRequiredService<OtlpIntake>(), TimeProvider.System));
        var app = builder.Build();
        DashboardHost.Listen(app, port);
        var endpoint = new OtlpEndpoint(
            app.Services.GetRequiredService<OtlpIntake>(), new IntakeMemory(LargestBodies * Math.Max(options.Limits.RequestBytes, 1 << 20)), options.Limits);
        app.Use((context, next) => key.IsOf(context.Request.Headers[KeyHeader])
            ? next(context)
            : OtlpEndpoint.RefuseAsync(context.Response, StatusCodes.Status401Unauthorized, RpcCode.Unauthenticated,
                $"{KeyHeader} is missing or wrong. AppHost gives it to its children in OTEL_EXPORTER_OTLP_HEADERS."));
        app.MapPost("/v1/traces", context => endpoint.TakeAsync(context, Signal.Traces));
        app.MapPost("/v1/logs", context => endpoint.TakeAsync(context, Signal.Logs));
        app.MapPost("/v1/metrics", context => endpoint.TakeAsync(context, Signal.Metrics));
        return app;
    }
}
