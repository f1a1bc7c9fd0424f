using ImageAspire.ServiceBusEmulator.Broker;

namespace ImageAspire.Tests.ServiceBus.Model;

/// <summary>
/// A queue as the documentation of the service describes it, in the simplest way: a list that is searched. It decides what happens to messages; which receiver gets
/// which of them is the broker's choice, and <see cref="ModelRun"/> says whether it was allowed.
/// </summary>
internal sealed class ModelQueue(string path, EntitySettings settings, ModelQueue? deadLetters)
{
    // The broker reserves numbers by the thousand, and goes on after them when it starts again.
    private const long Block = 1_000;
    private readonly Dictionary<string, DateTimeOffset> _seen = [];
    private long _last, _reserved;

    public string Path => path;

    public EntitySettings Settings => settings;

    public ModelQueue? DeadLetters => deadLetters;

    public bool HasSessions => settings.RequiresSession && deadLetters is not null;

    /// <summary>Who gets what is sent to it, with its number here; null keeps it.</summary>
    public Action<ModelContent, long, DateTimeOffset>? Publish { get; init; }

    public SortedDictionary<long, ModelMessage> Messages { get; } = [];

    public Dictionary<string, ModelSession> Sessions { get; } = [];

    public IEnumerable<ModelMessage> Ready => Messages.Values.Where(message => message.IsReady);

    /// <summary>When something happens by itself; the end of time when nothing does.</summary>
    public DateTimeOffset NextDue => Messages.Values.Select(DueOf).Concat(Sessions.Values.Where(session => session.Owner is not null).Select(session => session.LockedUntil))
        .DefaultIfEmpty(DateTimeOffset.MaxValue).Min();

    /// <returns>Its number; 0 for a repeated one.</returns>
    public long Send(ModelContent content, DateTimeOffset now)
    {
        if (settings.RequiresDuplicateDetection)
        {
            if (_seen.TryGetValue(content.Id, out var until) && until > now)
                return 0;
            _seen[content.Id] = now + settings.DuplicateWindow;
        }

        if (!(content.Due > now))
            return Arrive(content, null, now);
        var sequence = Next();
        Messages.Add(sequence, new ModelMessage(content, sequence, sequence, now) { State = MessageState.Scheduled });
        return sequence;
    }

    public long Arrive(ModelContent content, long? enqueueSequence, DateTimeOffset now)
    {
        var sequence = Next();
        var timeToLive = content.TimeToLive < settings.TimeToLive ? content.TimeToLive.Value : settings.TimeToLive;
        if (Publish is not null)
            Publish(content, sequence, now);
        else
            Messages.Add(sequence, new ModelMessage(content, sequence, enqueueSequence ?? sequence, now) { ExpiresAt = EntitySettings.After(now, timeToLive) });
        return sequence;
    }

    /// <summary>What happens by itself.</summary>
    /// <returns>Receivers whose sessions have ended.</returns>
    public List<ModelConsumer> RunDue(DateTimeOffset now)
    {
        foreach (var message in Messages.Values.Where(message => message.IsLocked && message.LockedUntil <= now && !HasSessions).ToList())
            GiveBack(message, isCounted: true, null, now);
        var ended = Sessions.Where(session => session.Value.Owner is not null && session.Value.LockedUntil <= now).ToList();
        var owners = ended.ConvertAll(session => session.Value.Owner!);
        foreach (var (id, _) in ended)
            FreeSession(id, isCounted: true, now);
        foreach (var message in Messages.Values.Where(message => message.State == MessageState.Scheduled && message.Content.Due <= now).OrderBy(message => message.Content.Due).ToList())
        {
            Messages.Remove(message.Sequence);
            Arrive(message.Content, message.EnqueueSequence, now);
        }

        foreach (var message in Messages.Values.Where(message => !message.IsLocked && message.ExpiresAt <= now).ToList())
            Expire(message);
        return owners;
    }

    public void Settle(ModelMessage message, SettleKind kind, IReadOnlyDictionary<string, object?>? changes, DateTimeOffset now)
    {
        switch (kind)
        {
            case SettleKind.Complete:
                Messages.Remove(message.Sequence);
                break;
            case SettleKind.DeadLetter:
                DeadLetter(message, changes, "reason", "description");
                break;
            case SettleKind.Defer:
                (message.State, message.Lock) = (MessageState.Deferred, Guid.Empty);
                Change(message.Properties, changes);
                break;
            default:
                GiveBack(message, kind == SettleKind.Abandon, changes, now);
                break;
        }
    }

    public void FreeSession(string id, bool isCounted, DateTimeOffset now)
    {
        Sessions[id].Owner = null;
        foreach (var message in Messages.Values.Where(message => message.IsLocked && message.Content.Session == id).ToList())
            GiveBack(message, isCounted, null, now);
    }

    /// <summary>The process ended, and another one begins with what was kept.</summary>
    public void Restart()
    {
        _last = _reserved;
        foreach (var message in Messages.Values)
            message.Lock = Guid.Empty;
        foreach (var session in Sessions.Values)
            session.Owner = null;
    }

    private static DateTimeOffset DueOf(ModelMessage message) =>
        message.State == MessageState.Scheduled ? message.Content.Due!.Value : message.IsLocked ? message.LockedUntil : message.ExpiresAt;

    private long Next()
    {
        if (_last == _reserved)
            _reserved += Block;
        return ++_last;
    }

    private void GiveBack(ModelMessage message, bool isCounted, IReadOnlyDictionary<string, object?>? changes, DateTimeOffset now)
    {
        if (isCounted)
            message.Deliveries++;
        message.Lock = Guid.Empty;
        if (isCounted && deadLetters is not null && message.Deliveries >= settings.MaxDeliveryCount)
        {
            DeadLetter(message, changes, "MaxDeliveryCountExceeded", $"Message could not be consumed after {settings.MaxDeliveryCount} delivery attempts.");
            return;
        }

        Change(message.Properties, changes);
        if (message.ExpiresAt <= now)
            Expire(message);
    }

    private void Expire(ModelMessage message)
    {
        if (settings.DeadLetterOnExpiration)
            DeadLetter(message, null, "TTLExpiredException", "The message expired and was dead lettered.");
        else
            Messages.Remove(message.Sequence);
    }

    private void DeadLetter(ModelMessage message, IReadOnlyDictionary<string, object?>? changes, string reason, string description)
    {
        Messages.Remove(message.Sequence);
        var properties = new Dictionary<string, object?>(message.Properties);
        Change(properties, changes);
        (properties["DeadLetterReason"], properties["DeadLetterErrorDescription"]) = (reason, description);
        deadLetters!.Messages.Add(message.Sequence, new ModelMessage(message.Content, message.Sequence, message.EnqueueSequence, message.EnqueuedAt)
        {
            Deliveries = message.Deliveries, Source = path, Properties = properties,
        });
    }

    private static void Change(Dictionary<string, object?> properties, IReadOnlyDictionary<string, object?>? changes)
    {
        foreach (var (name, value) in changes ?? new Dictionary<string, object?>())
            properties[name] = value;
    }
}
