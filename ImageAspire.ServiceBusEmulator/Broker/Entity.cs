namespace ImageAspire.ServiceBusEmulator.Broker;

internal enum EntityKind { Queue = 0, Topic = 1, Subscription = 2 }

/// <summary>A queue, topic or subscription. Changed under the broker's lock only.</summary>
internal abstract class Entity(QueueContext context, long number, string path, EntitySettings settings) : IWakeable
{
    /// <summary>Its number in the store; even.</summary>
    public long Number => number;

    public string Path => path;

    public abstract EntityKind Kind { get; }

    public EntitySettings Settings { get; private set; } = settings;

    public DateTimeOffset CreatedAt { get; } = context.Now;

    public DateTimeOffset UpdatedAt { get; private set; } = context.Now;

    /// <summary>When someone sent to it or received from it.</summary>
    public DateTimeOffset AccessedAt { get; private set; } = context.Now;

    /// <summary>Called when it was idle for as long as its settings say.</summary>
    public Action<Entity>? Idle { get; set; }

    protected QueueContext Context => context;

    /// <summary>Whether someone is there who may receive.</summary>
    protected abstract bool IsInUse { get; }

    public void Touch() => AccessedAt = context.Now;

    public virtual void Change(EntitySettings settings)
    {
        (Settings, UpdatedAt) = (settings, context.Now);
        WatchIdle();
    }

    public void WatchIdle() => context.WakeUps.At(this, EntitySettings.After(context.Now, Settings.AutoDeleteOnIdle));

    public DateTimeOffset RunDue(DateTimeOffset now)
    {
        var due = EntitySettings.After(IsInUse ? now : AccessedAt, Settings.AutoDeleteOnIdle);
        if (due > now)
            return due;
        Idle?.Invoke(this);
        return DateTimeOffset.MaxValue;
    }

    /// <summary>It is gone: whoever is attached learns why.</summary>
    public virtual void End(BrokerException reason) => context.WakeUps.Forget(this);
}
