using ImageAspire.ServiceBusEmulator.Messages;
using ImageAspire.ServiceBusEmulator.Store;
using Microsoft.Extensions.Logging;

namespace ImageAspire.ServiceBusEmulator.Broker;

/// <summary>The namespace: its entities and their messages. Thread-safe; the only class of the broker that others call.</summary>
internal sealed class MessageBroker : IForwarder, IDisposable
{
    private const int MaxHops = 4;
    private readonly Journal _journal;
    private readonly WakeUps _wakeUps;
    private readonly EntityDirectory _entities;
    private int _hops;

    public MessageBroker(IMessageStore store, IMessageCodec codec, TimeProvider time, ILogger<Journal> logger)
    {
        _journal = new Journal(store, logger);
        _wakeUps = new WakeUps(_journal, time);
        _entities = new EntityDirectory(new QueueContext(_journal, _wakeUps, time, codec, this));
        _journal.Run(() => Load(store.Load()));
    }

    /// <summary>Runs work on the entities alone, and then, when its effects are durable, what follows.</summary>
    /// <param name="work">Checks first, and changes then.</param>
    /// <param name="then">Called with the result after the commit.</param>
    /// <exception cref="BrokerException">The work refuses.</exception>
    public void Do<T>(Func<EntityDirectory, T> work, Action<T> then) => _journal.Run(() =>
    {
        var result = work(_entities);
        _journal.AfterCommit(() => then(result));
        return true;
    });

    /// <summary>Runs work on the entities alone.</summary>
    /// <returns>Its result, when its effects are durable.</returns>
    /// <exception cref="BrokerException">The work refuses.</exception>
    public Task<T> DoAsync<T>(Func<EntityDirectory, T> work)
    {
        var done = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        Do(work, done.SetResult);
        return done.Task;
    }

    /// <summary>Sends messages to a queue or a topic: all of them, or none.</summary>
    /// <returns>Their sequence numbers; 0 for a repeated one.</returns>
    /// <exception cref="BrokerException">There is no such entity, or it refuses a message.</exception>
    public static long[] Send(EntityDirectory entities, string address, IReadOnlyList<MessageContent> messages)
    {
        var queue = entities.GetQueue(address);
        foreach (var message in messages)
            queue.Check(message);
        return [.. messages.Select(queue.Send)];
    }

    public void Forward(string target, MessageContent content, long sequence)
    {
        if (_hops >= MaxHops)
            throw new BrokerException(BrokerError.NotAllowed, $"The message was forwarded more than {MaxHops} times.");
        var queue = _entities.GetQueue(target);
        queue.Check(content);
        _hops++;
        try
        {
            queue.Arrive(content, sequence);
        }
        finally
        {
            _hops--;
        }
    }

    /// <summary>Removes everything, and makes these entities in its place.</summary>
    public Task ResetAsync(IReadOnlyList<EntityDefinition> definitions) => DoAsync(entities =>
    {
        foreach (var entity in entities.All.Where(entity => entity is not Subscription).ToList())
            entities.Remove(entity, new BrokerException(BrokerError.Removed, "The emulator was reset."));
        return Add(entities, definitions);
    });

    /// <summary>Makes those of these entities that are not there.</summary>
    public Task EnsureAsync(IReadOnlyList<EntityDefinition> definitions) =>
        DoAsync(entities => Add(entities, definitions.Where(definition => entities.Find(definition.Path) is null)));

    public void Dispose() => _wakeUps.Dispose();

    private static bool Add(EntityDirectory entities, IEnumerable<EntityDefinition> definitions)
    {
        foreach (var definition in definitions.ToList())
            entities.Add(definition);
        return true;
    }

    private bool Load(StoredState kept)
    {
        foreach (var entity in kept.Entities)
            _entities.Load(entity);
        var queues = _entities.All.SelectMany(QueuesOf).ToDictionary(queue => queue.Number);
        foreach (var (number, reserved) in kept.Reserved)
            queues[number].LoadReserved(reserved);
        foreach (var session in kept.Sessions)
            queues[session.Queue].Load(session);
        foreach (var duplicate in kept.Duplicates)
            queues[duplicate.Queue].Load(duplicate);
        foreach (var message in kept.Messages)
            queues[message.Queue].Load(message);
        return true;
    }

    private static IEnumerable<MessageQueue> QueuesOf(Entity entity) => entity switch
    {
        Topic topic => [topic.Messages],
        QueueEntity queue => [queue.Messages, queue.DeadLetters],
        _ => [],
    };
}
