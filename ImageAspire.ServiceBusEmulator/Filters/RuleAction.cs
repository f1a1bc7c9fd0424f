using System.Globalization;
using ImageAspire.ServiceBusEmulator.Messages;

namespace ImageAspire.ServiceBusEmulator.Filters;

/// <summary>Changes of a message that passed a filter: <c>SET property = expression</c> and <c>REMOVE property</c>, separated by semicolons.</summary>
internal sealed class RuleAction
{
    private readonly IReadOnlyList<Statement> _statements;

    /// <exception cref="FilterException">The text cannot be read.</exception>
    public RuleAction(string text)
    {
        Text = text;
        _statements = SqlParser.ParseAction(text);
    }

    public string Text { get; }

    /// <summary>Changes the properties, statement by statement.</summary>
    /// <exception cref="FilterException">An expression has no result for these properties.</exception>
    public void Apply(MessageProperties properties)
    {
        foreach (var statement in _statements)
            statement.Apply(properties);
    }

    /// <summary>One SET (with a value) or REMOVE (without).</summary>
    internal sealed record Statement(SqlProperty Property, SqlExpression? Value)
    {
        public void Apply(MessageProperties properties)
        {
            var value = Value?.Evaluate(properties);
            if (Property.IsSystem && value is null)
                properties.System.Remove(Property.Name);
            else if (Property.IsSystem)
                properties.System[Property.Name] = Convert.ToString(value, CultureInfo.InvariantCulture)!;
            else if (Value is null)
                properties.User.Remove(Property.Name);
            else
                properties.User[Property.Name] = value;
        }
    }
}
