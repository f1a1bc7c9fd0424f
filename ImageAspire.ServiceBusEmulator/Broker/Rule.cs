using ImageAspire.ServiceBusEmulator.Filters;

namespace ImageAspire.ServiceBusEmulator.Broker;

/// <summary>A filter of a subscription, and what it changes of the messages that pass.</summary>
internal sealed record Rule(string Name, RuleFilter Filter, RuleAction? Action, DateTimeOffset CreatedAt)
{
    public const string DefaultName = "$Default";

    /// <summary>The rule of a subscription that was given none: every message.</summary>
    public static Rule Default(DateTimeOffset now) => new(DefaultName, new TrueFilter(), null, now);
}
