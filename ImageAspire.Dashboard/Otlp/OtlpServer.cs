using ImageAspire.Dashboard.Telemetry;
using Microsoft.AspNetCore.Builder;

namespace ImageAspire.Dashboard.Otlp;

/// <summary>Takes telemetry in: OTLP over HTTP with protobuf bodies.</summary>
internal static class OtlpServer
{
    public static Task<WebApplication> StartAsync(DashboardOptions options, TelemetryStore store, CancellationToken cancellationToken) =>
        throw new NotImplementedException();
}
