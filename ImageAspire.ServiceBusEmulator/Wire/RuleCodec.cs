using ImageAspire.ServiceBusEmulator.Broker;
using ImageAspire.ServiceBusEmulator.Filters;
using ImageAspire.ServiceBusEmulator.Messages;
using Microsoft.Azure.Amqp.Encoding;

namespace ImageAspire.ServiceBusEmulator.Wire;

/// <summary>Rules as requests and answers have them.</summary>
internal static class RuleCodec
{
    // Descriptors of the service's own types.
    private const ulong Description = 0x13700000004, NoAction = 0x13700000005, SqlAction = 0x13700000006, Sql = 0x1370000006, True = 0x1370000007, False = 0x1370000008, Correlation = 0x1370000009;

    // The order of the fields in an answer.
    private static readonly (string Argument, string Property)[] Fields =
    [
        ("correlation-id", MessageProperties.CorrelationId), ("message-id", MessageProperties.MessageId), ("to", MessageProperties.To), ("reply-to", MessageProperties.ReplyTo),
        ("label", MessageProperties.Label), ("session-id", MessageProperties.SessionId), ("reply-to-session-id", MessageProperties.ReplyToSessionId), ("content-type", MessageProperties.ContentType),
    ];

    /// <exception cref="FilterException">An expression cannot be read.</exception>
    public static Rule Read(OperationRequest request, DateTimeOffset now)
    {
        var description = request.Map("rule-description");
        RuleFilter filter = Find<AmqpMap>(description, "correlation-filter") is { } correlation ? ReadCorrelation(correlation)
            : Find<AmqpMap>(description, "sql-filter") is { } sql ? ReadSql(Find<string>(sql, "expression") ?? throw request.Wrong("sql-filter")) : new TrueFilter();
        var action = Find<AmqpMap>(description, "sql-rule-action") is { } map ? Find<string>(map, "expression") : null;
        return new Rule(request.Text("rule-name"), filter, string.IsNullOrWhiteSpace(action) ? null : new RuleAction(action), now);
    }

    public static DescribedType Write(Rule rule)
    {
        var filter = rule.Filter switch
        {
            CorrelationFilter correlation => new DescribedType(Correlation, WriteCorrelation(correlation)),
            SqlFilter sql => new DescribedType(Sql, new List<object?> { sql.Text, 20 }),
            FalseFilter => new DescribedType(False, new List<object?>()),
            _ => new DescribedType(True, new List<object?>()),
        };
        var action = rule.Action is { } set ? new DescribedType(SqlAction, new List<object?> { set.Text, 20 }) : new DescribedType(NoAction, new List<object?>());
        return new DescribedType(Description, new List<object?> { filter, action, rule.Name, rule.CreatedAt.UtcDateTime });
    }

    /// <summary>SQL as a filter. "1=1" and "1=0" are how clients spell true and false.</summary>
    /// <exception cref="FilterException">It cannot be read.</exception>
    public static RuleFilter ReadSql(string text) => text.Replace(" ", "", StringComparison.Ordinal) switch { "1=1" => new TrueFilter(), "1=0" => new FalseFilter(), _ => new SqlFilter(text) };

    private static CorrelationFilter ReadCorrelation(AmqpMap map)
    {
        var system = Fields.Where(field => Find<object>(map, field.Argument) is not null).ToDictionary(field => field.Property, field => Find<object>(map, field.Argument)!.ToString()!);
        var user = Find<AmqpMap>(map, "properties")?.ToDictionary(pair => pair.Key.ToString()!, pair => (object?)pair.Value);
        return new CorrelationFilter(system, user ?? []);
    }

    private static List<object?> WriteCorrelation(CorrelationFilter filter)
    {
        var user = new AmqpMap();
        foreach (var (name, value) in filter.User)
            user[new MapKey(name)] = value;
        return [.. Fields.Select(field => (object?)filter.System.GetValueOrDefault(field.Property)), user];
    }

    private static T? Find<T>(AmqpMap map, string name) where T : class => map.TryGetValue<object>(new MapKey(name), out var value) ? value as T : null;
}
