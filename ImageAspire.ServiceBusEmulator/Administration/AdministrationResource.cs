using System.Xml.Linq;
using ImageAspire.ServiceBusEmulator.Broker;
using ImageAspire.ServiceBusEmulator.Filters;

namespace ImageAspire.ServiceBusEmulator.Administration;

/// <summary>Entities and rules, as administration clients get, put and delete them. Under the broker's lock.</summary>
internal sealed class AdministrationResource(EntityDirectory entities, AdministrationRequest request, DateTimeOffset now)
{
    private const string Subscriptions = "Subscriptions", Rules = "Rules";

    /// <summary>Status and body of the answer.</summary>
    /// <exception cref="BrokerException">The request is refused.</exception>
    public (int Status, XElement? Body) Run()
    {
        try
        {
            return Route();
        }
        catch (Exception error) when (error is FormatException or FilterException or OverflowException)
        {
            throw new BrokerException(BrokerError.Invalid, error.Message);
        }
    }

    private (int Status, XElement? Body) Route()
    {
        var parts = request.Path.Split('/');
        switch (request.Path.ToUpperInvariant())
        {
            case "$NAMESPACEINFO":
                return (200, Namespace());
            case "$RESOURCES/QUEUES":
                return List(entities.All.Where(entity => entity.Kind == EntityKind.Queue).OrderBy(entity => entity.Path, StringComparer.OrdinalIgnoreCase));
            case "$RESOURCES/TOPICS":
                return List(entities.All.Where(entity => entity.Kind == EntityKind.Topic).OrderBy(entity => entity.Path, StringComparer.OrdinalIgnoreCase));
        }

        var at = Array.FindIndex(parts, part => part.Equals(Subscriptions, StringComparison.OrdinalIgnoreCase));
        var name = at < 0 ? request.Path : string.Join('/', parts[..at]);
        return (parts.Length - at) switch
        {
            _ when at < 0 => Entity(request.Path, () => Definition(request.Description?.Name.LocalName == "TopicDescription" ? EntityKind.Topic : EntityKind.Queue, name, null)),
            1 => List(entities.Get<Topic>(name).Subscriptions),
            2 => Entity(Subscription.PathOf(entities.Get<Topic>(name).Path, parts[at + 1]), () => Definition(EntityKind.Subscription, parts[at + 1], name)),
            3 when parts[at + 2].Equals(Rules, StringComparison.OrdinalIgnoreCase) => ListRules(Find(name, parts[at + 1])),
            4 when parts[at + 2].Equals(Rules, StringComparison.OrdinalIgnoreCase) => OneRule(Find(name, parts[at + 1]), parts[at + 3]),
            _ => throw BrokerException.NoEntity(request.Path),
        };
    }

    private Subscription Find(string topic, string name) => entities.Get<Subscription>(Subscription.PathOf(topic, name));

    private (int Status, XElement? Body) Entity(string path, Func<EntityDefinition> definition)
    {
        switch (request.Method)
        {
            case "PUT" when request.IsUpdate:
                return (200, Entry(Update(entities.Get(path))));
            case "PUT":
                return (201, Entry(entities.Add(definition())));
            case "DELETE":
                entities.Remove(entities.Get(path), BrokerException.NoEntity(path));
                return (200, null);
            case "GET":
                return (200, Entry(entities.Get(path)));
            default:
                throw Unsupported();
        }
    }

    private EntityDefinition Definition(EntityKind kind, string name, string? topic)
    {
        var rule = request.Description!.Element(Atom.ServiceBus + "DefaultRuleDescription");
        return new EntityDefinition(kind, name, topic, EntityXml.Read(request.Description, EntitySettings.Default), rule is null ? null : [RuleXml.Read(rule, null, now)]);
    }

    private Entity Update(Entity entity)
    {
        var settings = EntityXml.Read(request.Description!, entity.Settings);
        settings.Validate();
        if (settings.RequiresSession != entity.Settings.RequiresSession || settings.RequiresDuplicateDetection != entity.Settings.RequiresDuplicateDetection)
            throw new BrokerException(BrokerError.Invalid, "RequiresSession and RequiresDuplicateDetection cannot be changed.");
        entity.Change(settings);
        entities.Record(entity);
        return entity;
    }

    private (int Status, XElement? Body) OneRule(Subscription subscription, string name)
    {
        switch (request.Method)
        {
            case "PUT" when request.IsUpdate:
                var existing = Find(subscription, name);
                var changed = RuleXml.Read(request.Description!, existing.Name, existing.CreatedAt);
                entities.Change(subscription, [.. subscription.Rules.Select(rule => rule == existing ? changed : rule)]);
                return (200, Entry(subscription, changed));
            case "PUT":
                var added = RuleXml.Read(request.Description!, name, now);
                entities.AddRule(subscription.Path, added);
                return (201, Entry(subscription, added));
            case "DELETE":
                entities.RemoveRule(subscription.Path, name);
                return (200, null);
            case "GET":
                return (200, Entry(subscription, Find(subscription, name)));
            default:
                throw Unsupported();
        }
    }

    private static Rule Find(Subscription subscription, string name) =>
        subscription.Rules.FirstOrDefault(rule => EntityDirectory.IsNamed(rule, name)) ?? throw BrokerException.NoEntity($"{subscription.Path}/{Rules}/{name}");

    private (int Status, XElement? Body) ListRules(Subscription subscription) =>
        (200, Atom.FeedOf(subscription.Rules.Skip(request.Skip).Take(request.Top).Select(rule => Entry(subscription, rule)), now));

    private (int Status, XElement? Body) List(IEnumerable<Entity> all) => (200, Atom.FeedOf(all.Skip(request.Skip).Take(request.Top).Select(Entry), now));

    private XElement Entry(Entity entity) => Atom.EntryOf(entity.Path, (entity as Subscription)?.Name ?? entity.Path, EntityXml.Write(entity), now);

    private XElement Entry(Subscription subscription, Rule rule) => Atom.EntryOf($"{subscription.Path}/{Rules}/{rule.Name}", rule.Name, RuleXml.Write(rule), now);

    private XElement Namespace() => Atom.EntryOf("$namespaceinfo", "namespace", new XElement(Atom.ServiceBus + "NamespaceInfo",
        Atom.Element("CreatedTime", now.UtcDateTime), Atom.Element("MessagingSKU", "Premium"), Atom.Element("MessagingUnits", 1), Atom.Element("ModifiedTime", now.UtcDateTime),
        Atom.Element("Name", "localhost"), Atom.Element("NamespaceType", "Messaging")), now);

    private BrokerException Unsupported() => new(BrokerError.NotImplemented, $"{request.Method} {request.Path} is not supported: GET, PUT and DELETE are.");
}
