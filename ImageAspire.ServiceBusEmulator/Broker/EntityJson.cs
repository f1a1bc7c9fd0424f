using System.Text.Json;
using System.Text.Json.Serialization;
using ImageAspire.ServiceBusEmulator.Filters;
using ImageAspire.ServiceBusEmulator.Messages;
using ImageAspire.ServiceBusEmulator.Store;

namespace ImageAspire.ServiceBusEmulator.Broker;

/// <summary>Settings and rules as they are kept.</summary>
internal static class EntityJson
{
    public static string Write(Entity entity)
    {
        var subscription = entity as Subscription;
        return JsonSerializer.Serialize(new KeptEntity(subscription?.Topic.Path, subscription?.Name ?? entity.Path, entity.Settings, subscription?.Rules.Select(Keep).ToList()),
            EntityJsonContext.Default.KeptEntity);
    }

    public static EntityDefinition Read(StoredEntity stored)
    {
        var kept = JsonSerializer.Deserialize(stored.Settings, EntityJsonContext.Default.KeptEntity)!;
        return new EntityDefinition((EntityKind)stored.Kind, kept.Name, kept.Topic, kept.Settings, kept.Rules?.ConvertAll(Bring));
    }

    private static KeptRule Keep(Rule rule)
    {
        var correlation = rule.Filter as CorrelationFilter;
        return new KeptRule(rule.Name, rule.CreatedAt, rule.Filter.GetType().Name, (rule.Filter as SqlFilter)?.Text, rule.Action?.Text,
            correlation?.System.ToDictionary(), correlation?.User.ToDictionary(pair => pair.Key, pair => PropertyValue.Of(pair.Value)));
    }

    private static Rule Bring(KeptRule kept) => new(kept.Name, kept.Filter switch
    {
        nameof(FalseFilter) => new FalseFilter(),
        nameof(SqlFilter) => new SqlFilter(kept.Sql!),
        nameof(CorrelationFilter) => new CorrelationFilter(kept.System!, kept.User!.ToDictionary(pair => pair.Key, pair => (object?)pair.Value.Value())),
        _ => new TrueFilter(),
    }, kept.Action is null ? null : new RuleAction(kept.Action), kept.CreatedAt);
}

internal sealed record KeptEntity(string? Topic, string Name, EntitySettings Settings, List<KeptRule>? Rules);

internal sealed record KeptRule(
    string Name, DateTimeOffset CreatedAt, string Filter, string? Sql, string? Action, Dictionary<string, string>? System, Dictionary<string, PropertyValue>? User);

[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(KeptEntity))]
internal sealed partial class EntityJsonContext : JsonSerializerContext;
