namespace ImageAspire.Azure.Topic;

/// <summary>Settings of the topic (configuration section <c>Messaging</c>).</summary>
public sealed class MessagingOptions
{
    /// <summary>Name of the section.</summary>
    public const string Section = "Messaging";

    /// <summary>
    /// A shared subscription for the live feed, where instances cannot have their own: the emulator that Aspire 13.1 starts has no
    /// administration API. With several instances each event then reaches one of them. Null: each instance makes its own.
    /// </summary>
    public string? LiveSubscription { get; set; }

    /// <summary>How often paused subscriptions are looked up, 0.1–60 s.</summary>
    public TimeSpan PausePoll { get; set; } = TimeSpan.FromSeconds(1);
}
