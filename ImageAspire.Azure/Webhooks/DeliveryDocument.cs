using ImageAspire.Azure.Catalog;
using ImageAspire.Core.Json;
using ImageAspire.Core.Webhooks;
using MongoDB.Bson;

namespace ImageAspire.Azure.Webhooks;

/// <summary>A delivery as it is stored. Of one at its end <c>dueAt</c> is absent; <c>lease</c> is there while somebody sends it.</summary>
internal static class DeliveryDocument
{
    // For what nobody will ever send, because its webhook was deleted at the moment it was added.
    private static readonly TimeSpan Unfinished = TimeSpan.FromDays(60);

    /// <summary>A new one, due now.</summary>
    public static BsonDocument New(WebhookDelivery one, DateTimeOffset now)
    {
        var document = new BsonDocument
        {
            { "_id", ImageDocument.Key(one.Id) },
            { "key", $"{one.WebhookId:N}/{one.EventId:N}" }, // unique
            { "webhookId", ImageDocument.Key(one.WebhookId) },
            { "eventId", ImageDocument.Key(one.EventId) },
            { "type", one.Type },
            { "body", ImageDocument.WellFormed(one.Body) },
            { "createdAt", BsonJson.Date(one.CreatedAt) },
            { "state", (int)DeliveryState.Pending },
            { "tries", 0 },
            { "dueAt", BsonJson.Date(now) },
            { "forgetAt", ForgetUnfinished(now) },
            { "attempts", new BsonArray() },
        };
        if (one.ImageId is { } image)
            document.Add("imageId", ImageDocument.Key(image));
        if (one.TraceParent is { } trace)
            document.Add("traceParent", ImageDocument.WellFormed(trace));
        return document;
    }

    /// <summary>When one that came to no end is forgotten.</summary>
    public static BsonDateTime ForgetUnfinished(DateTimeOffset now) => BsonJson.Date(now + Unfinished);

    /// <summary>A try.</summary>
    public static BsonDocument Write(DeliveryAttempt attempt) => BsonJson.Write(attempt, CoreJson.Default.DeliveryAttempt);

    /// <summary>The delivery in a document.</summary>
    public static WebhookDelivery Read(BsonDocument stored) => new()
    {
        Id = ImageDocument.Id(stored["_id"]),
        WebhookId = ImageDocument.Id(stored["webhookId"]),
        EventId = ImageDocument.Id(stored["eventId"]),
        Type = stored["type"].AsString,
        ImageId = stored.TryGetValue("imageId", out var image) ? ImageDocument.Id(image) : null,
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
