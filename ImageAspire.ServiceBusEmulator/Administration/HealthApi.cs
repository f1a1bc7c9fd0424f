using System.Text.Json;
using System.Text.Json.Serialization;
using ImageAspire.ServiceBusEmulator.Store;
using ImageAspire.ServiceBusEmulator.Wire;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace ImageAspire.ServiceBusEmulator.Administration;

/// <summary>Whether messages can be kept: 200, or 503 and why not.</summary>
internal static class HealthApi
{
    public static void MapHealth(this IEndpointRouteBuilder app) => app.MapGet("/health", (IMessageStore store, AmqpEndpoint amqp) => store.Failure is { } failure
        ? Answer(new HealthReport("unhealthy", amqp.Count, failure), 503) : Answer(new HealthReport("healthy", amqp.Count, null), 200));

    private static IResult Answer(HealthReport report, int status) => Results.Json(report, HealthJsonContext.Default.HealthReport, statusCode: status);
}

internal sealed record HealthReport(string Status, int Connections, string? Failure);

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(HealthReport))]
internal sealed partial class HealthJsonContext : JsonSerializerContext;
