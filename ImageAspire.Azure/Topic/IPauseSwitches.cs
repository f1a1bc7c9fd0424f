namespace ImageAspire.Azure.Topic;

/// <summary>
/// Which subscriptions an operator has paused. Kept beside the documents and not on Service Bus, whose own switch needs the
/// administration API: so it works on the emulator too, and needs no more rights.
/// </summary>
internal interface IPauseSwitches
{
    /// <summary>Names of the paused subscriptions.</summary>
    Task<IReadOnlySet<string>> GetPausedAsync(CancellationToken cancellationToken);

    /// <summary>Pauses or resumes one; durable when it returns.</summary>
    Task SetAsync(string subscription, bool paused, CancellationToken cancellationToken);
}
