using System.Globalization;
using System.Text.Json;
using ImageAspire.ServiceBusEmulator.Broker;
using ImageAspire.ServiceBusEmulator.Filters;
using ImageAspire.ServiceBusEmulator.Messages;

namespace ImageAspire.ServiceBusEmulator.Configuration;

/// <summary>The rules of a subscription.</summary>
internal static class RuleConfig
{
    private static readonly string[] SystemNames = ["ContentType", "CorrelationId", "Label", "MessageId", "ReplyTo", "ReplyToSessionId", "SessionId", "To", "Subject"];

    /// <summary>The rules; null where there are none.</summary>
    public static IReadOnlyList<Rule>? Read(ConfigNode subscription, DateTimeOffset now)
    {
        var rules = subscription.List("Rules");
        return rules.Count == 0 ? null : [.. rules.Select(rule => ReadRule(rule, now))];
    }

    private static Rule ReadRule(ConfigNode node, DateTimeOffset now)
    {
        var name = node.Object("Name", "Properties").Get("Name");
        if (!EntityPath.IsShortName(name.AsText()))
            throw name.Error($"'{name.Text}' is not allowed as a name.");
        var properties = node.Get("Properties").Object("FilterType", "CorrelationFilter", "SqlFilter", "Action");
        var type = properties.Get("FilterType");
        RuleFilter filter = type.AsText().ToUpperInvariant() switch
        {
            "CORRELATION" => ReadCorrelation(properties.Get("CorrelationFilter")),
            "SQL" => Sql(properties.Get("SqlFilter"), text => new SqlFilter(text)),
            "TRUE" or "TRUEFILTER" => new TrueFilter(),
            "FALSE" or "FALSEFILTER" => new FalseFilter(),
            _ => throw type.Error($"'{type.Text}' is no type of filter: Correlation or Sql."),
        };
        return new Rule(name.Text, filter, properties.Find("Action") is { } action ? Sql(action, text => new RuleAction(text)) : null, now);
    }

    private static T Sql<T>(ConfigNode node, Func<string, T> parse)
    {
        var expression = node.Object("SqlExpression").Get("SqlExpression");
        try
        {
            return parse(expression.AsText());
        }
        catch (FilterException error)
        {
            throw expression.Error(error.Message);
        }
    }

    private static CorrelationFilter ReadCorrelation(ConfigNode node)
    {
        node.Object([.. SystemNames, "Properties"]);
        var system = SystemNames.Where(name => node.Find(name) is not null).ToDictionary(name => MessageProperties.NameOf(name)!, name => node.Get(name).AsText());
        var user = node.Find("Properties")?.Members.ToDictionary(pair => pair.Key, pair => Value(pair.Value)) ?? [];
        return system.Count + user.Count > 0 ? new CorrelationFilter(system, user) : throw node.Error("The filter compares nothing.");
    }

    private static object? Value(ConfigNode node) => node.Kind switch
    {
        JsonTokenType.String => node.Text,
        JsonTokenType.True => true,
        JsonTokenType.False => false,
        JsonTokenType.Number when long.TryParse(node.Text, CultureInfo.InvariantCulture, out var whole) => whole,
        JsonTokenType.Number => double.Parse(node.Text, CultureInfo.InvariantCulture),
        _ => throw node.Error("A text, a number, true or false is expected here."),
    };
}
