namespace ImageAspire.Azure.Topic;

/// <summary>Settings of the topic (configuration section <c>Messaging</c>).</summary>
internal sealed class MessagingOptions
{
    /// <summary>Name of the section.</summary>
    public const string Section = "Messaging";

    /// <summary>
    /// A shared subscription for the live feed, where instances cannot create their own: Aspire gives no address of the
    /// administration API for the official emulator. With several instances each event then reaches only one of them. Null: each instance creates its own.
    /// </summary>
    public string? LiveSubscription { get; set; }

    /// <summary>Interval at which the paused subscriptions are read, 0.1–60 s.</summary>
    public TimeSpan PausePoll { get; set; } = TimeSpan.FromSeconds(1);
}
