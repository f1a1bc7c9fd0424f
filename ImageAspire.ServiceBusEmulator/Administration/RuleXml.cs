using System.Xml.Linq;
using ImageAspire.ServiceBusEmulator.Broker;
using ImageAspire.ServiceBusEmulator.Filters;
using ImageAspire.ServiceBusEmulator.Messages;

namespace ImageAspire.ServiceBusEmulator.Administration;

/// <summary>Rules as descriptions.</summary>
internal static class RuleXml
{
    private static readonly string[] SystemNames =
    [
        MessageProperties.CorrelationId, MessageProperties.MessageId, MessageProperties.To, MessageProperties.ReplyTo, MessageProperties.Label,
        MessageProperties.SessionId, MessageProperties.ReplyToSessionId, MessageProperties.ContentType,
    ];

    /// <exception cref="FilterException">An expression cannot be read.</exception>
    /// <exception cref="FormatException">A value is none of its type.</exception>
    public static Rule Read(XElement description, string? name, DateTimeOffset now)
    {
        var action = description.Element(Atom.ServiceBus + "Action")?.Element(Atom.ServiceBus + "SqlExpression")?.Value;
        return new Rule(name ?? description.Element(Atom.ServiceBus + "Name")?.Value ?? Rule.DefaultName, ReadFilter(description.Element(Atom.ServiceBus + "Filter")),
            string.IsNullOrWhiteSpace(action) ? null : new RuleAction(action), now);
    }

    public static XElement Write(Rule rule) => new(Atom.ServiceBus + "RuleDescription", new XAttribute(XNamespace.Xmlns + "i", Atom.Instance),
        WriteFilter(rule.Filter),
        new XElement(Atom.ServiceBus + "Action", new XAttribute(Atom.Instance + "type", rule.Action is null ? "EmptyRuleAction" : "SqlRuleAction"), Atom.Element("SqlExpression", rule.Action?.Text)),
        Atom.Element("Name", rule.Name), Atom.Element("CreatedAt", rule.CreatedAt.UtcDateTime));

    private static RuleFilter ReadFilter(XElement? filter) => filter?.Attribute(Atom.Instance + "type")?.Value switch
    {
        "CorrelationFilter" => new CorrelationFilter(
            SystemNames.Where(name => filter.Element(Atom.ServiceBus + name) is not null).ToDictionary(name => name, name => filter.Element(Atom.ServiceBus + name)!.Value),
            (filter.Element(Atom.ServiceBus + "Properties")?.Elements() ?? []).ToDictionary(pair => Part(pair, "Key").Value, pair => (object?)ReadValue(Part(pair, "Value")))),
        "FalseFilter" => new FalseFilter(),
        "SqlFilter" => new SqlFilter(Part(filter, "SqlExpression").Value),
        null or "TrueFilter" => new TrueFilter(),
        var type => throw new FormatException($"'{type}' is no type of filter."),
    };

    private static XElement WriteFilter(RuleFilter filter)
    {
        var name = filter switch { CorrelationFilter => "CorrelationFilter", SqlFilter => "SqlFilter", FalseFilter => "FalseFilter", _ => "TrueFilter" };
        var element = new XElement(Atom.ServiceBus + "Filter", new XAttribute(Atom.Instance + "type", name));
        switch (filter)
        {
            case CorrelationFilter correlation:
                element.Add(SystemNames.Select(one => Atom.Element(one, correlation.System.GetValueOrDefault(one))));
                if (correlation.User.Count > 0)
                    element.Add(new XElement(Atom.ServiceBus + "Properties", correlation.User.Select(WriteProperty)));
                break;
            case SqlFilter sql:
                element.Add(Atom.Element("SqlExpression", sql.Text), Atom.Element("CompatibilityLevel", 20));
                break;
            case TrueFilter:
                element.Add(Atom.Element("SqlExpression", "1=1"), Atom.Element("CompatibilityLevel", 20));
                break;
            default:
                element.Add(Atom.Element("SqlExpression", "1=0"), Atom.Element("CompatibilityLevel", 20));
                break;
        }

        return element;
    }

    private static XElement WriteProperty(KeyValuePair<string, object?> pair)
    {
        var value = PropertyValue.Of(pair.Value);
        return new XElement(Atom.ServiceBus + "KeyValueOfstringanyType", Atom.Element("Key", pair.Key), new XElement(Atom.ServiceBus + "Value",
            new XAttribute(XNamespace.Xmlns + "d4p1", Atom.Schema), new XAttribute(Atom.Instance + "type", $"d4p1:{value.Type}"), value.Text));
    }

    private static object ReadValue(XElement value) => new PropertyValue(value.Attribute(Atom.Instance + "type")?.Value.Split(':')[^1] ?? "string", value.Value).Value();

    private static XElement Part(XElement parent, string name) =>
        parent.Elements().FirstOrDefault(element => element.Name.LocalName == name) ?? throw new FormatException($"'{parent.Name.LocalName}' has no '{name}'.");
}
