using ImageAspire.ServiceBusEmulator.Broker;

namespace ImageAspire.Tests.ServiceBus.Model;

/// <summary>The entities of a run, with settings that its seed decides: a queue, one with sessions, one that forwards to the first, and a topic with two subscriptions.</summary>
internal sealed class ModelNamespace
{
    private const string Plain = "plain", WithSessions = "sessions", Forwarding = "forwarding", Topic = "topic";
    private readonly List<ModelQueue> _own = [];

    public ModelNamespace(Random random)
    {
        EntitySettings[] settings = [.. Enumerable.Range(0, 6).Select(_ => Settings(random))];
        var (plain, sessions) = (Queue(Plain, settings[0]), Queue(WithSessions, settings[1] with { RequiresSession = true }));
        var (all, red) = (Queue(Subscription.PathOf(Topic, "all"), settings[2]), Queue(Subscription.PathOf(Topic, "red"), settings[3]));
        var forwarding = settings[4] with { ForwardTo = Plain };
        Addresses = [plain, sessions, new ModelQueue(Forwarding, forwarding, null) { Publish = (content, sequence, now) => plain.Arrive(content, sequence, now) },
            new ModelQueue(Topic, settings[5], null)
            {
                Publish = (content, sequence, now) =>
                {
                    all.Arrive(content, sequence, now);
                    if (content.IsRed)
                        red.Arrive(content, sequence, now);
                },
            }];
        Definitions =
        [
            new(EntityKind.Queue, Plain, null, settings[0]), new(EntityKind.Queue, WithSessions, null, sessions.Settings), new(EntityKind.Queue, Forwarding, null, forwarding),
            new(EntityKind.Topic, Topic, null, settings[5]), new(EntityKind.Subscription, "all", Topic, settings[2]), new(EntityKind.Subscription, "red", Topic, settings[3], [BrokerUnderTest.Red]),
        ];
        (Sessions, All) = (sessions, [.. Addresses.Union(_own)]);
    }

    public IReadOnlyList<EntityDefinition> Definitions { get; }

    /// <summary>What can be sent to.</summary>
    public IReadOnlyList<ModelQueue> Addresses { get; }

    /// <summary>What can be received from, dead-letter queues included.</summary>
    public IReadOnlyList<ModelQueue> Queues => _own;

    public ModelQueue Sessions { get; }

    public IReadOnlyList<ModelQueue> All { get; }

    private ModelQueue Queue(string path, EntitySettings settings)
    {
        var deadLetters = new ModelQueue(path + QueueEntity.DeadLetterSuffix, settings, null);
        var queue = new ModelQueue(path, settings, deadLetters);
        _own.AddRange([queue, deadLetters]);
        return queue;
    }

    private static EntitySettings Settings(Random random) => new()
    {
        LockDuration = TimeSpan.FromSeconds(random.Next(5, 30)), MaxDeliveryCount = random.Next(1, 5), DeadLetterOnExpiration = random.Next(2) == 0,
        TimeToLive = random.Next(3) == 0 ? TimeSpan.FromSeconds(random.Next(20, 60)) : TimeSpan.MaxValue,
        RequiresDuplicateDetection = random.Next(3) == 0, DuplicateWindow = TimeSpan.FromSeconds(random.Next(5, 60)),
    };
}
