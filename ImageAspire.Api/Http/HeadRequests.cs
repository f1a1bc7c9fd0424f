using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.OpenApi;

namespace ImageAspire.Api.Http;

/// <summary>HEAD is answered like GET, without the body (RFC 9110, 9.3.2). Not for streams that do not end.</summary>
internal static class HeadRequests
{
    private const string EventStream = "text/event-stream";

    /// <summary>Adds HEAD to the endpoints of a group that take GET.</summary>
    public static RouteGroupBuilder WithHead(this RouteGroupBuilder group)
    {
        ((IEndpointConventionBuilder)group).Finally(endpoint =>
        {
            if (endpoint.Metadata.OfType<HttpMethodMetadata>().LastOrDefault() is { HttpMethods: ["GET"] }
                && !endpoint.Metadata.OfType<IProducesResponseTypeMetadata>().Any(one => one.ContentTypes.Contains(EventStream)))
            {
                endpoint.Metadata.Add(new HttpMethodMetadata([HttpMethods.Get, HttpMethods.Head]));
            }
        });
        return group;
    }

    /// <summary>Removes HEAD from the document where there is GET: it would repeat every operation with its name.</summary>
    public static void LeaveOut(OpenApiDocument document)
    {
        foreach (var operations in document.Paths.Values.Select(path => path.Operations).Where(operations => operations?.ContainsKey(HttpMethod.Get) == true))
            operations!.Remove(HttpMethod.Head);
    }
}
