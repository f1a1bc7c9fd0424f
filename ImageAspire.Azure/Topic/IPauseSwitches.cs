namespace ImageAspire.Azure.Topic;

/// <summary>
/// The subscriptions that an operator has paused. Stored in the database and not on Service Bus, whose own switch needs the administration
/// API: so pausing works on the emulator too, and without further permissions.
/// </summary>
internal interface IPauseSwitches
{
    /// <summary>Names of the paused subscriptions.</summary>
    Task<IReadOnlySet<string>> GetPausedAsync(CancellationToken cancellationToken);

    /// <summary>Pauses or resumes a subscription; durable when it returns.</summary>
    Task SetAsync(string subscription, bool paused, CancellationToken cancellationToken);
}
