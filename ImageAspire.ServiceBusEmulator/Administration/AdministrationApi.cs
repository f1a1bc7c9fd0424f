using System.Xml.Linq;
using ImageAspire.ServiceBusEmulator.Broker;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace ImageAspire.ServiceBusEmulator.Administration;

/// <summary>The service's administration API (Atom XML), on every path that nothing else has.</summary>
internal static class AdministrationApi
{
    public static void MapAdministration(this IEndpointRouteBuilder app) => app.Map("/{**path}", HandleAsync);

    private static async Task HandleAsync(HttpContext context, MessageBroker broker, TimeProvider time)
    {
        int status;
        XElement? body;
        try
        {
            var request = await AdministrationRequest.ReadAsync(context.Request, context.RequestAborted);
            (status, body) = await broker.DoAsync(entities => new AdministrationResource(entities, request, time.GetUtcNow()).Run());
        }
        catch (BrokerException error)
        {
            status = error.Error switch { BrokerError.NotFound => 404, BrokerError.AlreadyExists => 409, BrokerError.NotImplemented => 501, _ => 400 };
            body = new XElement("Error", new XElement("Code", status), new XElement("Detail", error.Message));
        }

        context.Response.StatusCode = status;
        if (body is null)
            return;
        context.Response.ContentType = $"application/atom+xml;type={(body.Name.LocalName == "feed" ? "feed" : "entry")};charset=utf-8";
        await context.Response.WriteAsync(body.ToString(SaveOptions.DisableFormatting), context.RequestAborted);
    }
}
