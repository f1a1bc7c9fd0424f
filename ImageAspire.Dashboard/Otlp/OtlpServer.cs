using ImageAspire.Dashboard.Telemetry;
using Microsoft.AspNetCore.Builder;

namespace ImageAspire.Dashboard.Otlp;

/// <summary>Takes telemetry in: OTLP over HTTP with protobuf bodies.</summary>
internal static class OtlpServer
{
    // Ports that are tried after the one that is asked for.
    private const int OtherPorts = 20;

    /// <exception cref="IOException">The port and those after it are in use.</exception>
    public static async Task<WebApplication> StartAsync(DashboardOptions options, TelemetryStore store, CancellationToken cancellationToken)
    {
        for (var port = options.OtlpPort; ; port++)
        {
            var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
            DashboardHost.Quiet(builder, port);
            var app = builder.Build();
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
}
