using System.Globalization;
using System.Xml;
using System.Xml.Linq;
using ImageAspire.ServiceBusEmulator.Broker;
using Microsoft.AspNetCore.Http;

namespace ImageAspire.ServiceBusEmulator.Administration;

/// <summary>A request of an administration client.</summary>
/// <param name="Method">GET, PUT or DELETE.</param>
/// <param name="Path">Of the entity, without slashes around it.</param>
/// <param name="Description">What is put; null otherwise.</param>
/// <param name="IsUpdate">Whether what is put must be there.</param>
/// <param name="Skip">Of a list: how many to leave out.</param>
/// <param name="Top">Of a list: how many at most.</param>
internal sealed record AdministrationRequest(string Method, string Path, XElement? Description, bool IsUpdate, int Skip, int Top)
{
    /// <exception cref="BrokerException">The body is no description.</exception>
    public static async Task<AdministrationRequest> ReadAsync(HttpRequest request, CancellationToken cancellationToken) => new(request.Method, request.Path.Value!.Trim('/'),
        HttpMethods.IsPut(request.Method) ? await ReadDescriptionAsync(request.Body, cancellationToken) : null, request.Headers.ContainsKey("If-Match"),
        Number(request, "$skip", 0, int.MaxValue), Number(request, "$top", 100, 1_000));

    private static async Task<XElement> ReadDescriptionAsync(Stream body, CancellationToken cancellationToken)
    {
        try
        {
            var document = await XDocument.LoadAsync(body, LoadOptions.None, cancellationToken);
            return document.Root?.Element(Atom.Feed + "content")?.Elements().FirstOrDefault() ?? throw new BrokerException(BrokerError.Invalid, "The body is no Atom entry with a description.");
        }
        catch (XmlException error)
        {
            throw new BrokerException(BrokerError.Invalid, error.Message);
        }
    }

    private static int Number(HttpRequest request, string name, int otherwise, int most) =>
        int.TryParse(request.Query[name], NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? Math.Min(number, most) : otherwise;
}
