using System.Collections.Frozen;

namespace ImageAspire.ServiceBusEmulator.Messages;

/// <summary>The properties of a message: those of the system by their name (case does not matter), and the sender's own.</summary>
internal sealed class MessageProperties
{
    public const string MessageId = "MessageId", CorrelationId = "CorrelationId", To = "To", ReplyTo = "ReplyTo", Label = "Label",
        SessionId = "SessionId", ReplyToSessionId = "ReplyToSessionId", ContentType = "ContentType";

    private static readonly FrozenDictionary<string, string> Names = new Dictionary<string, string>
    {
        [MessageId] = MessageId, [CorrelationId] = CorrelationId, [To] = To, [ReplyTo] = ReplyTo, [Label] = Label, ["Subject"] = Label,
        [SessionId] = SessionId, [ReplyToSessionId] = ReplyToSessionId, [ContentType] = ContentType,
    }.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    /// <summary>Values by the names above; what a message does not have is absent.</summary>
    public Dictionary<string, string> System { get; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>The sender's properties; their names are compared without case in SQL only.</summary>
    public Dictionary<string, object?> User { get; } = [];

    /// <summary>The name that a system property has here; null for one that is unknown.</summary>
    public static string? NameOf(string name) => Names.GetValueOrDefault(name);

    /// <summary>The sender's property with this name: in the same case, else in any.</summary>
    /// <returns>Whether there is one.</returns>
    public bool TryGetUser(string name, out object? value)
    {
        if (User.TryGetValue(name, out value))
            return true;
        foreach (var (key, candidate) in User)
        {
            if (!key.Equals(name, StringComparison.OrdinalIgnoreCase))
                continue;
            value = candidate;
            return true;
        }

        return false;
    }
}
