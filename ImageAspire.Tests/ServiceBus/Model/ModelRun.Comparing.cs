using ImageAspire.ServiceBusEmulator.Broker;

namespace ImageAspire.Tests.ServiceBus.Model;

/// <summary>Whether what the broker did was allowed, and whether it has done all that it had to.</summary>
internal sealed partial class ModelRun
{
    /// <summary>Takes what came to receivers into the model.</summary>
    /// <param name="ended">Receivers whose end is due.</param>
    /// <param name="isOrdered">Whether deliveries must be in order: not when several things happened one after another.</param>
    private void Follow(List<ModelConsumer> ended, bool isOrdered)
    {
        isOrdered &= _events.All(one => one.IsTaken);
        foreach (var (consumer, delivery, grant, isTaken) in _events)
        {
            if (grant is not null)
                Granted(consumer, grant);
            else if (delivery is not null)
                Delivered(consumer, delivery, isTaken, isOrdered);
            else
                Must(ended.Remove(consumer) && _consumers.Remove(consumer), () => "A receiver was ended whose session was not lost.");
        }

        _events.Clear();
        Must(ended.Count == 0, () => "A receiver was not ended when its session was lost.");
        foreach (var consumer in _consumers.Where(one => one is { Request: null, Credit: > 0 }))
            Must(!ReadyFor(consumer).Any(), () => $"A receiver of {consumer.Queue.Path} {consumer.SessionId} waits, and so does {ReadyFor(consumer).FirstOrDefault()}.");
        Must(!_consumers.Any(one => one.Request is { SessionId: null }) || !AvailableSessions().Any(), () => $"A receiver waits for a session, and {AvailableSessions().FirstOrDefault()} is free.");
    }

    private void Granted(ModelConsumer consumer, SessionGrant grant)
    {
        var sessions = consumer.Queue.Sessions;
        if (!sessions.TryGetValue(grant.SessionId, out var session))
            sessions[grant.SessionId] = session = new ModelSession();
        Must(session.Owner is null, () => $"The session {grant.SessionId} was granted twice.");
        Must(consumer.Request is not null && (consumer.Request.SessionId ?? grant.SessionId) == grant.SessionId, () => $"Nobody asked for the session {grant.SessionId}.");
        Must(consumer.Request!.SessionId is not null || AvailableSessions().Contains(grant.SessionId), () => $"The session {grant.SessionId} has no message.");
        (consumer.SessionId, consumer.Request) = (grant.SessionId, null);
        (session.Owner, session.LockedUntil) = (consumer, Now + consumer.Queue.Settings.LockDuration);
        MustBe(grant.LockedUntil, session.LockedUntil, "session locked until");
    }

    private void Delivered(ModelConsumer consumer, MessageSnapshot delivery, bool isTaken, bool isOrdered)
    {
        var ready = ReadyFor(consumer).ToList();
        var message = ready.Find(one => one.Sequence == delivery.Sequence) ?? throw new ModelException($"{consumer.Queue.Path} delivered {ModelMessage.Describe(delivery)}, which is not ready.");
        Must(!isOrdered || ready[0] == message, () => $"{consumer.Queue.Path} delivered {message} before {ready[0]}.");
        Take(consumer.Queue, message, delivery, consumer.TakesForGood);
        if (!isTaken)
            message.Lock = Guid.Empty;
        else if (!consumer.TakesForGood)
            _locks.Add((consumer.Queue, delivery.Lock));
    }

    // A receiver has it now: locked, or for good.
    private void Take(ModelQueue queue, ModelMessage message, MessageSnapshot delivery, bool isForGood)
    {
        MustBe(Text(_broker.PropertiesOf(delivery.Content)), Text(message.Properties), "properties");
        if (isForGood)
        {
            queue.Messages.Remove(message.Sequence);
        }
        else
        {
            Must(delivery.Lock != Guid.Empty && !_locks.Contains((queue, delivery.Lock)), () => "A lock was given twice.");
            message.Lock = delivery.Lock;
            message.LockedUntil = queue.HasSessions ? queue.Sessions[message.Content.Session!].LockedUntil : Now + queue.Settings.LockDuration;
        }

        Must(message.IsShownBy(delivery), () => $"delivered: {ModelMessage.Describe(delivery)}, not {message}");
    }

    private async Task CompareAsync()
    {
        var shown = await DoAsync(entities => _model.All.Select(queue => entities.GetQueue(queue.Path)).Select(queue =>
            (Messages: queue.Peek(0, int.MaxValue, null), Counts: Enum.GetValues<MessageState>().Select(queue.CountOf).ToList(), Sessions: queue.ListSessions(0, int.MaxValue))).ToList());
        foreach (var (queue, (messages, counts, sessions)) in _model.All.Zip(shown))
        {
            Must(messages.Count == queue.Messages.Count && queue.Messages.Values.Zip(messages).All(pair => pair.First.IsShownBy(pair.Second)),
                () => $"{queue.Path}: {Lines(messages.Select(ModelMessage.Describe))}, not {Lines(queue.Messages.Values.Select(message => message.ToString()))}");
            foreach (var state in Enum.GetValues<MessageState>())
                MustBe(counts[(int)state], queue.Messages.Values.Count(message => message.State == state), $"{state} messages of {queue.Path}");
            if (queue.HasSessions)
                MustBe(string.Join(' ', sessions), string.Join(' ', NamedSessions(queue).Order(StringComparer.Ordinal)), "sessions");
        }
    }

    private async Task CompareContentsAsync()
    {
        var shown = await DoAsync(entities => _model.All.Select(queue => entities.GetQueue(queue.Path).Peek(0, int.MaxValue, null)).ToList());
        foreach (var (queue, messages) in _model.All.Zip(shown))
        {
            foreach (var message in messages)
                MustBe(Text(_broker.PropertiesOf(message.Content)), Text(queue.Messages[message.Sequence].Properties), $"properties of #{message.Sequence} in {queue.Path}");
        }
    }

    private static IEnumerable<ModelMessage> ReadyFor(ModelConsumer consumer) =>
        consumer.Queue.Ready.Where(message => !consumer.Queue.HasSessions || (message.Content.Session == consumer.SessionId && consumer.Queue.Sessions[consumer.SessionId!].Owner == consumer));

    private IEnumerable<string> AvailableSessions() =>
        _model.Sessions.Ready.Select(message => message.Content.Session!).Where(id => _model.Sessions.Sessions.GetValueOrDefault(id)?.Owner is null).Distinct();

    private static IEnumerable<string> NamedSessions(ModelQueue queue) =>
        queue.Sessions.Where(session => session.Value.Owner is not null || session.Value.State is not null).Select(session => session.Key)
            .Union(queue.Messages.Values.Where(message => message.IsReady || message.IsLocked).Select(message => message.Content.Session!));

    private static string Text(Dictionary<string, object?> properties) => string.Join(' ', properties.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => $"{pair.Key}={pair.Value}"));

    private static string Lines(IEnumerable<string> lines) => string.Join("", lines.Select(line => $"{Environment.NewLine}  {line}"));
}
