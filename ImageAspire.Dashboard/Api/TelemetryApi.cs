using Microsoft.AspNetCore.Routing;

namespace ImageAspire.Dashboard.Api;

/// <summary>The telemetry API of Aspire's dashboard: <c>/api/telemetry</c>.</summary>
internal static class TelemetryApi
{
    public static void MapTelemetryApi(this IEndpointRouteBuilder app)
    {
    }
}
