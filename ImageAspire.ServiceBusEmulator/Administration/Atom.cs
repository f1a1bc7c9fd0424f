using System.Xml.Linq;

namespace ImageAspire.ServiceBusEmulator.Administration;

/// <summary>The frame of all answers: Atom entries and feeds.</summary>
internal static class Atom
{
    public static readonly XNamespace Feed = "http://www.w3.org/2005/Atom", ServiceBus = "http://schemas.microsoft.com/netservices/2010/10/servicebus/connect",
        Counts = "http://schemas.microsoft.com/netservices/2011/06/servicebus", Instance = "http://www.w3.org/2001/XMLSchema-instance", Schema = "http://www.w3.org/2001/XMLSchema";

    /// <param name="path">Its whole path: clients read names from the id.</param>
    /// <param name="title">Its name.</param>
    /// <param name="content">What it is.</param>
    /// <param name="now">Time of the answer.</param>
    public static XElement EntryOf(string path, string title, XElement content, DateTimeOffset now) => new(Feed + "entry",
        new XElement(Feed + "id", $"http://localhost/{path}?api-version=2021-05"),
        new XElement(Feed + "title", new XAttribute("type", "text"), title),
        new XElement(Feed + "published", now.UtcDateTime), new XElement(Feed + "updated", now.UtcDateTime),
        new XElement(Feed + "author", new XElement(Feed + "name", "localhost")),
        new XElement(Feed + "content", new XAttribute("type", "application/xml"), content));

    public static XElement FeedOf(IEnumerable<XElement> entries, DateTimeOffset now) => new(Feed + "feed",
        new XElement(Feed + "title", new XAttribute("type", "text"), "list"), new XElement(Feed + "id", "http://localhost/"), new XElement(Feed + "updated", now.UtcDateTime), entries);

    /// <summary>An element of the service's; none without a value.</summary>
    public static XElement? Element(string name, object? value) => value is null ? null : new XElement(ServiceBus + name, value);
}
