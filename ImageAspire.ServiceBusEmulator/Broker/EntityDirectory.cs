using ImageAspire.ServiceBusEmulator.Store;

namespace ImageAspire.ServiceBusEmulator.Broker;

/// <summary>All queues, topics and subscriptions. Under the broker's lock.</summary>
internal sealed class EntityDirectory(QueueContext context)
{
    private readonly Dictionary<string, Entity> _entities = new(StringComparer.OrdinalIgnoreCase);
    private long _numbers;

    public IEnumerable<Entity> All => _entities.Values;

    public Entity? Find(string path) => _entities.GetValueOrDefault(path);

    /// <exception cref="BrokerException">There is none with this path.</exception>
    public Entity Get(string path) => Find(path) ?? throw BrokerException.NoEntity(path);

    /// <exception cref="BrokerException">There is none with this path, or it is of another kind.</exception>
    public T Get<T>(string path) where T : Entity => Find(path) as T ?? throw BrokerException.NoEntity(path);

    /// <summary>The queue behind an address: of a queue, a topic, a subscription, or a dead-letter queue.</summary>
    /// <exception cref="BrokerException">There is none.</exception>
    public MessageQueue GetQueue(string address)
    {
        var path = EntityPath.Parse(address);
        return Find(path.Entity) switch
        {
            QueueEntity queue => path.IsDeadLetterQueue ? queue.DeadLetters : queue.Messages,
            Topic topic when !path.IsDeadLetterQueue => topic.Messages,
            _ => throw BrokerException.NoEntity(address),
        };
    }

    /// <exception cref="BrokerException">The path is taken, the name is not allowed, or the settings are wrong.</exception>
    public Entity Add(EntityDefinition definition)
    {
        definition.Settings.Validate();
        var isNameAllowed = definition.Topic is null ? EntityPath.IsName(definition.Name) : EntityPath.IsShortName(definition.Name);
        if (!isNameAllowed)
            throw new BrokerException(BrokerError.Invalid, $"'{definition.Name}' is no name for {(definition.Topic is null ? "a queue or a topic" : "a subscription")}.");
        if (Find(definition.Path) is not null)
            throw new BrokerException(BrokerError.AlreadyExists, $"The messaging entity '{definition.Path}' exists already.");
        var entity = Create(definition, _numbers += 2);
        Record(entity);
        return entity;
    }

    /// <summary>Makes an entity as it was kept.</summary>
    public void Load(StoredEntity kept)
    {
        Create(EntityJson.Read(kept), kept.Number);
        _numbers = Math.Max(_numbers, kept.Number);
    }

    /// <summary>Keeps an entity as it is now.</summary>
    public void Record(Entity entity) =>
        context.Journal.Record(new StoreChange.PutEntity(new StoredEntity(entity.Number, (int)entity.Kind, entity.Path, EntityJson.Write(entity))));

    /// <exception cref="BrokerException">There is no such subscription, or it has a rule with this name.</exception>
    public void AddRule(string path, Rule rule)
    {
        var subscription = Get<Subscription>(path);
        if (!EntityPath.IsShortName(rule.Name))
            throw new BrokerException(BrokerError.Invalid, $"'{rule.Name}' is no name for a rule.");
        if (subscription.Rules.Any(other => IsNamed(other, rule.Name)))
            throw new BrokerException(BrokerError.AlreadyExists, $"The rule '{rule.Name}' exists already.");
        Change(subscription, [.. subscription.Rules, rule]);
    }

    /// <exception cref="BrokerException">There is no such subscription, or no such rule.</exception>
    public void RemoveRule(string path, string name)
    {
        var subscription = Get<Subscription>(path);
        if (!subscription.Rules.Any(rule => IsNamed(rule, name)))
            throw BrokerException.NoEntity($"{path}/Rules/{name}");
        Change(subscription, [.. subscription.Rules.Where(rule => !IsNamed(rule, name))]);
    }

    public void Change(Subscription subscription, IReadOnlyList<Rule> rules)
    {
        subscription.Change(rules);
        Record(subscription);
    }

    public static bool IsNamed(Rule rule, string name) => rule.Name.Equals(name, StringComparison.OrdinalIgnoreCase);

    public void Remove(Entity entity, BrokerException reason)
    {
        if (entity is Topic topic)
        {
            foreach (var subscription in topic.Subscriptions.ToList())
                Remove(subscription, reason);
        }
        else if (entity is Subscription subscription)
        {
            subscription.Topic.Remove(subscription);
        }

        _entities.Remove(entity.Path);
        context.Journal.Record(new StoreChange.RemoveEntity(entity.Number));
        entity.End(reason);
    }

    private Entity Create(EntityDefinition definition, long number)
    {
        Entity entity = definition.Kind switch
        {
            EntityKind.Queue => new QueueEntity(context, number, definition.Name, definition.Settings),
            EntityKind.Topic => new Topic(context, number, definition.Name, definition.Settings),
            _ => new Subscription(context, number, Get<Topic>(definition.Topic!), definition.Name, definition.Settings,
                definition.Rules ?? [Rule.Default(context.Now)]),
        };
        if (entity is Subscription subscription)
            subscription.Topic.Add(subscription);
        entity.Idle = idle => Remove(idle, BrokerException.NoEntity(idle.Path));
        entity.WatchIdle();
        return _entities[entity.Path] = entity;
    }
}

/// <summary>An entity that is to be made.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Name">The name of a queue, topic or subscription.</param>
/// <param name="Topic">Of a subscription.</param>
/// <param name="Settings">Its settings.</param>
/// <param name="Rules">Of a subscription; null for the one that lets everything through.</param>
internal sealed record EntityDefinition(EntityKind Kind, string Name, string? Topic, EntitySettings Settings, IReadOnlyList<Rule>? Rules = null)
{
    public string Path => Topic is null ? Name : Subscription.PathOf(Topic, Name);
}
