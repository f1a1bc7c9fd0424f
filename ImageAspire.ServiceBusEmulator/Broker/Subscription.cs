using ImageAspire.ServiceBusEmulator.Filters;
using ImageAspire.ServiceBusEmulator.Messages;

namespace ImageAspire.ServiceBusEmulator.Broker;

/// <summary>A subscription: a queue that gets the messages of its topic which one of its rules lets through.</summary>
internal sealed class Subscription(QueueContext context, long number, Topic topic, string name, EntitySettings settings, IReadOnlyList<Rule> rules)
    : QueueEntity(context, number, PathOf(topic.Path, name), settings)
{
    public override EntityKind Kind => EntityKind.Subscription;

    public Topic Topic => topic;

    public string Name => name;

    /// <summary>By name.</summary>
    public IReadOnlyList<Rule> Rules { get; private set; } = rules;

    public static string PathOf(string topic, string name) => $"{topic}/Subscriptions/{name}";

    public void Change(IReadOnlyList<Rule> rules) => Rules = rules;

    /// <summary>Takes the message as often as its rules say: once for all that change nothing, and once for each one that has an action.</summary>
    /// <param name="content">The message.</param>
    /// <param name="read">Reads its properties; the copy may be changed.</param>
    /// <param name="sequence">Its sequence number in the topic.</param>
    public void Offer(MessageContent content, Func<MessageProperties> read, long sequence)
    {
        var isTaken = false;
        foreach (var rule in Rules)
        {
            try
            {
                if ((isTaken && rule.Action is null) || !rule.Filter.Matches(rule.Filter.NeedsProperties ? read() : Unread))
                    continue;
                if (rule.Action is null)
                    isTaken = true;
                Messages.Arrive(rule.Action is null ? content : Changed(rule.Action, content, read()), sequence);
            }
            catch (FilterException error)
            {
                if (Settings.DeadLetterOnFilterErrors)
                    Messages.ArriveAsDeadLetter(content, sequence, "FilterEvaluationException", $"Rule {rule.Name}: {error.Message}");
            }
        }
    }

    private static MessageProperties Unread { get; } = new();

    private MessageContent Changed(RuleAction action, MessageContent content, MessageProperties properties)
    {
        action.Apply(properties);
        return Context.Codec.With(content, properties);
    }
}
