using System.Text;
using System.Text.Json;
using ImageAspire.Core.Events;
using ImageAspire.Core.Images;

namespace ImageAspire.Core.Webhooks;

/// <summary>Makes deliveries.</summary>
public static class WebhookDeliveries
{
    /// <summary>The type of the event that tests a webhook.</summary>
    public const string TestType = "webhook.test";

    /// <summary>An event of the topic for a webhook.</summary>
    public static WebhookDelivery Of(ImageEvent e, Webhook webhook, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(e);
        ArgumentNullException.ThrowIfNull(webhook);
        return new WebhookDelivery
        {
            Id = Guid.CreateVersion7(now), WebhookId = webhook.Id, EventId = e.Id, Type = e.Type, ImageId = e.ImageId, TraceParent = e.TraceParent,
            Body = Encoding.UTF8.GetString(CloudEvents.Write(e)), CreatedAt = now, NextAttemptAt = now,
        };
    }

    /// <summary>A test: a CloudEvent of the type <see cref="TestType"/>, about the webhook itself.</summary>
    public static WebhookDelivery Test(Webhook webhook, string actor, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(webhook);
        var id = Guid.CreateVersion7(now);
        return new WebhookDelivery
        {
            Id = Guid.CreateVersion7(now), WebhookId = webhook.Id, EventId = id, Type = TestType, Body = TestBody(webhook.Id, id, actor, now),
            CreatedAt = now, NextAttemptAt = now,
        };
    }

    private static string TestBody(Guid webhook, Guid id, string actor, DateTimeOffset now)
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes))
        {
            json.WriteStartObject();
            json.WriteString("specversion", "1.0");
            json.WriteString("id", id);
            json.WriteString("source", "/webhooks");
            json.WriteString("type", TestType);
            json.WriteString("subject", webhook);
            json.WriteString("time", UtcTimeConverter.Format(now));
            json.WriteString("datacontenttype", "application/json");
            json.WriteStartObject("data");
            json.WriteNumber("schema", 1);
            json.WriteString("actor", actor);
            json.WriteEndObject();
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(bytes.GetBuffer(), 0, (int)bytes.Length);
    }
}
