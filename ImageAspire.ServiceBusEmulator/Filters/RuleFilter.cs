using ImageAspire.ServiceBusEmulator.Messages;

namespace ImageAspire.ServiceBusEmulator.Filters;

/// <summary>Decides which messages of a topic a subscription gets.</summary>
internal abstract record RuleFilter
{
    /// <summary>Whether it looks at properties at all.</summary>
    public virtual bool NeedsProperties => true;

    /// <summary>Whether a message with these properties passes.</summary>
    /// <exception cref="FilterException">The expression has no result for these properties.</exception>
    public abstract bool Matches(MessageProperties properties);
}

/// <summary>Every message.</summary>
internal sealed record TrueFilter : RuleFilter
{
    public override bool NeedsProperties => false;

    public override bool Matches(MessageProperties properties) => true;
}

/// <summary>No message.</summary>
internal sealed record FalseFilter : RuleFilter
{
    public override bool NeedsProperties => false;

    public override bool Matches(MessageProperties properties) => false;
}

/// <summary>Messages that have all of these values.</summary>
/// <param name="System">By names of <see cref="MessageProperties"/>.</param>
/// <param name="User">The sender's properties. Whole numbers are equal by value, whatever their type.</param>
internal sealed record CorrelationFilter(IReadOnlyDictionary<string, string> System, IReadOnlyDictionary<string, object?> User) : RuleFilter
{
    public override bool Matches(MessageProperties properties) =>
        System.All(wanted => properties.System.TryGetValue(wanted.Key, out var value) && value == wanted.Value)
        && User.All(wanted => properties.User.TryGetValue(wanted.Key, out var value) && SqlValues.Compare(value, wanted.Value) == 0);
}

/// <summary>Messages for which an expression is true (grammar: docs/service-bus-emulator.md).</summary>
internal sealed record SqlFilter : RuleFilter
{
    private readonly SqlExpression _expression;

    /// <exception cref="FilterException">The expression cannot be read.</exception>
    public SqlFilter(string text)
    {
        Text = text;
        _expression = SqlParser.ParseFilter(text);
    }

    public string Text { get; }

    public override bool Matches(MessageProperties properties) => SqlValues.Truth(_expression.Evaluate(properties)) is true;
}
