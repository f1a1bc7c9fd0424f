using ImageAspire.ServiceBusEmulator.Broker;

namespace ImageAspire.ServiceBusEmulator.Configuration;

/// <summary>The file that the official emulator reads.</summary>
internal static class EmulatorConfig
{
    /// <summary>The entities in a file, topics before their subscriptions.</summary>
    /// <exception cref="ConfigException">The file cannot be read, or something in it is wrong.</exception>
    public static IReadOnlyList<EntityDefinition> Read(string file, DateTimeOffset now)
    {
        string text;
        try
        {
            text = File.ReadAllText(file);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new ConfigException($"{file}: {error.Message}");
        }

        var user = ConfigNode.Parse(Path.GetFileName(file), text).Object("UserConfig").Get("UserConfig").Object("Namespaces", "Logging");
        var namespaces = user.List("Namespaces");
        if (namespaces.Count > 1)
            throw namespaces[1].Error("One namespace is supported.");
        return [.. namespaces.SelectMany(one => OfNamespace(one.Object("Name", "Queues", "Topics"), now))];
    }

    private static IEnumerable<EntityDefinition> OfNamespace(ConfigNode node, DateTimeOffset now)
    {
        var paths = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var queue in node.List("Queues"))
            yield return Unique(paths, queue, new EntityDefinition(EntityKind.Queue, NameOf(queue.Object("Name", "Properties"), EntityPath.IsName), null, SettingsConfig.Read(queue)));
        foreach (var topic in node.List("Topics"))
        {
            var name = NameOf(topic.Object("Name", "Properties", "Subscriptions"), EntityPath.IsName);
            yield return Unique(paths, topic, new EntityDefinition(EntityKind.Topic, name, null, SettingsConfig.Read(topic)));
            foreach (var subscription in topic.List("Subscriptions"))
            {
                subscription.Object("Name", "Properties", "Rules");
                yield return Unique(paths, subscription, new EntityDefinition(EntityKind.Subscription, NameOf(subscription, EntityPath.IsShortName), name, SettingsConfig.Read(subscription),
                    RuleConfig.Read(subscription, now)));
            }
        }
    }

    private static EntityDefinition Unique(HashSet<string> paths, ConfigNode node, EntityDefinition definition)
    {
        if (!paths.Add(definition.Path))
            throw node.Get("Name").Error($"'{definition.Path}' is there twice.");
        try
        {
            definition.Settings.Validate();
        }
        catch (BrokerException error)
        {
            throw (node.Find("Properties") ?? node).Error(error.Message);
        }

        return definition;
    }

    private static string NameOf(ConfigNode node, Func<string, bool> isName)
    {
        var name = node.Get("Name");
        return isName(name.AsText()) ? name.Text : throw name.Error($"'{name.Text}' is not allowed as a name.");
    }
}
