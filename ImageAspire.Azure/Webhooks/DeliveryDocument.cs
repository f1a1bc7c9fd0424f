using ImageAspire.Azure.Mongo;
using ImageAspire.Core.Json;
using ImageAspire.Core.Webhooks;
using MongoDB.Bson;

namespace ImageAspire.Azure.Webhooks;

/// <summary>A delivery as it is stored. A finished one has no <c>dueAt</c>; <c>lease</c> exists while a process sends it.</summary>
internal static class DeliveryDocument
{
    // For one that is never sent, because its webhook was deleted at the moment it was added.
    private static readonly TimeSpan Unfinished = TimeSpan.FromDays(60);

    /// <summary>A new delivery, due now.</summary>
    public static BsonDocument New(WebhookDelivery one, DateTimeOffset now)
    {
        var document = new BsonDocument
        {
            { "_id", BsonValues.Key(one.Id) },
            { "key", $"{one.WebhookId:N}/{one.EventId:N}" }, // unique
            { "webhookId", BsonValues.Key(one.WebhookId) },
            { "eventId", BsonValues.Key(one.EventId) },
            { "type", one.Type },
            { "body", BsonValues.WellFormed(one.Body) },
            { "createdAt", BsonJson.Date(one.CreatedAt) },
            { "state", (int)DeliveryState.Pending },
            { "tries", 0 },
            { "dueAt", BsonJson.Date(now) },
            { "forgetAt", ForgetUnfinished(now) },
            { "attempts", new BsonArray() },
        };
        if (one.ImageId is { } image)
            document.Add("imageId", BsonValues.Key(image));
        if (one.TraceParent is { } trace)
            document.Add("traceParent", BsonValues.WellFormed(trace));
        return document;
    }

    /// <summary>When an unfinished delivery is removed.</summary>
    public static BsonDateTime ForgetUnfinished(DateTimeOffset now) => BsonJson.Date(now + Unfinished);

    /// <summary>A delivery attempt as it is stored.</summary>
    public static BsonDocument Write(DeliveryAttempt attempt) => BsonJson.Write(attempt, CoreJson.Default.DeliveryAttempt);

    /// <summary>The delivery in a document.</summary>
    public static WebhookDelivery Read(BsonDocument stored) => new()
    {
        Id = BsonValues.Id(stored["_id"]),
        WebhookId = BsonValues.Id(stored["webhookId"]),
        EventId = BsonValues.Id(stored["eventId"]),
        Type = stored["type"].AsString,
        ImageId = stored.TryGetValue("imageId", out var image) ? BsonValues.Id(image) : null,
        TraceParent = stored.TryGetValue("traceParent", out var trace) ? trace.AsString : null,
        Body = stored["body"].AsString,
        CreatedAt = Time(stored["createdAt"]),
        State = (DeliveryState)stored["state"].ToInt32(),
        Tries = stored["tries"].ToInt32(),
        NextAttemptAt = stored.TryGetValue("dueAt", out var due) ? Time(due) : null,
        Attempts = [.. stored["attempts"].AsBsonArray.Select(one => BsonJson.Read(one.AsBsonDocument, CoreJson.Default.DeliveryAttempt))],
    };

    private static DateTimeOffset Time(BsonValue value) => DateTimeOffset.FromUnixTimeMilliseconds(value.AsBsonDateTime.MillisecondsSinceEpoch);
}
