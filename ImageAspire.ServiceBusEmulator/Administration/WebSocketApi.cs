using ImageAspire.ServiceBusEmulator.Wire;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Azure.Amqp.Transport;

namespace ImageAspire.ServiceBusEmulator.Administration;

/// <summary>AMQP over WebSockets, for clients behind proxies.</summary>
internal static class WebSocketApi
{
    private const string Protocol = "AMQPWSB10", Standard = "amqp";

    public static void MapAmqpOverWebSockets(this IEndpointRouteBuilder app) => app.Map("/$servicebus/websocket", ServeAsync);

    private static async Task ServeAsync(HttpContext context, AmqpEndpoint endpoint, TimeProvider time)
    {
        var protocol = context.WebSockets.WebSocketRequestedProtocols.FirstOrDefault(one => one is Protocol or Standard);
        if (!context.WebSockets.IsWebSocketRequest || protocol is null)
        {
            context.Response.StatusCode = StatusCodes.Status400BadRequest;
            await context.Response.WriteAsync($"A WebSocket with the protocol {Standard} or {Protocol} is expected here.", context.RequestAborted);
            return;
        }

        using var socket = await context.WebSockets.AcceptWebSocketAsync(protocol);
        await endpoint.ServeAsync(new WebSocketTransport(socket, new Uri($"ws://{context.Connection.Id}.localhost/")), time);
    }
}
