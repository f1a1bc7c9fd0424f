namespace ImageAspire.ServiceBusEmulator.Broker;

/// <summary>What a receiver does with a message that it has locked.</summary>
internal abstract record Settlement
{
    /// <summary>Properties that it sets on the message meanwhile.</summary>
    public IReadOnlyDictionary<string, object?>? Changes { get; init; }

    internal sealed record Complete : Settlement;

    /// <summary>Give it back; it counts as delivered in vain.</summary>
    internal sealed record Abandon : Settlement;

    /// <summary>Give it back as if it had not been delivered.</summary>
    internal sealed record Release : Settlement;

    internal sealed record Defer : Settlement;

    internal sealed record DeadLetter(string? Reason, string? Description) : Settlement;
}
