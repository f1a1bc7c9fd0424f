namespace ImageAspire.ServiceBusEmulator.Broker;

/// <summary>The settings of a queue, topic or subscription; the defaults are the service's. A topic uses few of them.</summary>
internal sealed record EntitySettings
{
    public static EntitySettings Default { get; } = new();

    public TimeSpan LockDuration { get; init; } = TimeSpan.FromMinutes(1);

    public int MaxDeliveryCount { get; init; } = 10;

    public bool RequiresSession { get; init; }

    public bool DeadLetterOnExpiration { get; init; }

    public bool DeadLetterOnFilterErrors { get; init; } = true;

    public bool RequiresDuplicateDetection { get; init; }

    public TimeSpan DuplicateWindow { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>How long a message may wait; the largest time span is for ever.</summary>
    public TimeSpan TimeToLive { get; init; } = TimeSpan.MaxValue;

    /// <summary>After how long without use the entity is removed; the largest time span is never.</summary>
    public TimeSpan AutoDeleteOnIdle { get; init; } = TimeSpan.MaxValue;

    /// <summary>The queue or topic that gets every message instead.</summary>
    public string? ForwardTo { get; init; }

    /// <summary>The queue or topic that gets every dead letter instead.</summary>
    public string? ForwardDeadLettersTo { get; init; }

    public int MaxSizeInMegabytes { get; init; } = 1024;

    /// <summary>Active, Disabled, SendDisabled or ReceiveDisabled.</summary>
    public string Status { get; init; } = "Active";

    public string? UserMetadata { get; init; }

    public bool CanSend => Status is "Active" or "ReceiveDisabled";

    public bool CanReceive => Status is "Active" or "SendDisabled";

    /// <summary>A time after another; the end of time when there is none.</summary>
    public static DateTimeOffset After(DateTimeOffset time, TimeSpan span) => span > DateTimeOffset.MaxValue - time ? DateTimeOffset.MaxValue : time + span;

    /// <exception cref="BrokerException">A value outside the service's limits.</exception>
    public void Validate()
    {
        Must(LockDuration >= TimeSpan.FromSeconds(1) && LockDuration <= TimeSpan.FromMinutes(5), "LockDuration is from 1 second to 5 minutes.");
        Must(MaxDeliveryCount is >= 1 and <= 2000, "MaxDeliveryCount is from 1 to 2000.");
        Must(TimeToLive > TimeSpan.Zero, "DefaultMessageTimeToLive is above zero.");
        Must(DuplicateWindow > TimeSpan.Zero && DuplicateWindow <= TimeSpan.FromDays(7), "DuplicateDetectionHistoryTimeWindow is above zero and at most 7 days.");
        Must(AutoDeleteOnIdle >= TimeSpan.FromSeconds(1), "AutoDeleteOnIdle is 1 second or more.");
        Must(MaxSizeInMegabytes is >= 1 and <= 5 * 1024 * 1024, "MaxSizeInMegabytes is from 1 to 5242880.");
        Must(Status is "Active" or "Disabled" or "SendDisabled" or "ReceiveDisabled", "Status is Active, Disabled, SendDisabled or ReceiveDisabled.");
    }

    private static void Must(bool condition, string message)
    {
        if (!condition)
            throw new BrokerException(BrokerError.Invalid, message);
    }
}
