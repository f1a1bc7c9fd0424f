using ImageAspire.Core.Ports;

namespace ImageAspire.Azure.Topic;

/// <summary>
/// The subscriptions that an operator has paused. Stored in the database and not on Service Bus, whose own switch needs the administration
/// API: so pausing works on the emulator too, and without further permissions.
/// </summary>
internal interface IPauseSwitches
{
    /// <summary>The paused subscriptions, by name.</summary>
    Task<IReadOnlyDictionary<string, SubscriptionPause>> GetPausedAsync(CancellationToken cancellationToken);

    /// <summary>Pauses a subscription, unless it is paused already, or resumes it (null); durable when it returns.</summary>
    Task SetAsync(string subscription, SubscriptionPause? pause, CancellationToken cancellationToken);
}
