namespace ImageAspire.ServiceBusEmulator.Broker;

/// <summary>An address of a queue, topic, subscription, or dead-letter queue. Case does not matter.</summary>
/// <param name="Entity">The path of the entity.</param>
/// <param name="IsDeadLetterQueue">Whether its dead-letter queue is meant.</param>
internal readonly record struct EntityPath(string Entity, bool IsDeadLetterQueue)
{
    private const string DeadLetters = "$DeadLetterQueue", Transfer = "$Transfer";

    /// <exception cref="BrokerException">Transfer dead-letter queues do not exist here.</exception>
    public static EntityPath Parse(string address)
    {
        // Clients may put the host before the path.
        if (address.IndexOf("://", StringComparison.Ordinal) is var scheme and >= 0)
            address = address.IndexOf('/', scheme + 3) is var slash and >= 0 ? address[slash..] : "";
        var path = address.Trim('/');
        if (!path.EndsWith('/' + DeadLetters, StringComparison.OrdinalIgnoreCase))
            return new EntityPath(path, false);
        path = path[..^(DeadLetters.Length + 1)];
        return path.EndsWith('/' + Transfer, StringComparison.OrdinalIgnoreCase)
            ? throw new BrokerException(BrokerError.NotImplemented, "Transfer dead-letter queues are not supported: a message that cannot be forwarded is in the dead-letter queue of the entity that forwards.")
            : new EntityPath(path, true);
    }

    /// <summary>Whether a queue or a topic may have this name.</summary>
    public static bool IsName(string name) => name.Length is > 0 and <= 260 && name.All(IsAllowed) && name[0] != '/' && name[^1] != '/' && !name.Contains("//", StringComparison.Ordinal)
        && !name.Split('/').Contains("Subscriptions", StringComparer.OrdinalIgnoreCase);

    /// <summary>Whether a subscription or a rule may have this name.</summary>
    public static bool IsShortName(string name) => name.Length is > 0 and <= 50 && name.All(character => character != '/' && IsAllowed(character));

    private static bool IsAllowed(char character) => char.IsLetterOrDigit(character) || character is '.' or '-' or '_' or '/' or '$' or '~';
}
