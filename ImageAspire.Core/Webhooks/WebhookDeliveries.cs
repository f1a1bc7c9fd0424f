using System.Text;
using System.Text.Json;
using ImageAspire.Core.Alarms;
using ImageAspire.Core.Events;
using ImageAspire.Core.Images;

namespace ImageAspire.Core.Webhooks;

/// <summary>Makes deliveries.</summary>
public static class WebhookDeliveries
{
    /// <summary>The type of the event that tests a webhook.</summary>
    public const string TestType = "webhook.test";

    /// <summary>The type of the events about alarms: that one is raised, and that it is over.</summary>
    public const string AlarmType = "operations.alarm";

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
            Id = Guid.CreateVersion7(now), WebhookId = webhook.Id, EventId = id, Type = TestType, Body = Envelope("/webhooks", TestType, webhook.Id, id, now, data => data.WriteString("actor", actor)),
            CreatedAt = now, NextAttemptAt = now,
        };
    }

    /// <summary>An alarm for a webhook: a CloudEvent of the type <see cref="AlarmType"/>, about the alarm.</summary>
    /// <param name="alarm">The alarm.</param>
    /// <param name="ended">Whether the event says that it is over, or that it is raised.</param>
    /// <param name="webhook">The receiver.</param>
    /// <param name="now">The time, UTC.</param>
    public static WebhookDelivery Of(Alarm alarm, bool ended, Webhook webhook, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(alarm);
        ArgumentNullException.ThrowIfNull(webhook);
        var (id, at) = ended ? (alarm.EndId!.Value, alarm.EndedAt!.Value) : (alarm.Id, alarm.RaisedAt);
        return new WebhookDelivery
        {
            Id = Guid.CreateVersion7(now), WebhookId = webhook.Id, EventId = id, Type = AlarmType,
            Body = Envelope("/operations", AlarmType, alarm.Id, id, at, data => WriteAlarm(data, alarm, ended)), CreatedAt = now, NextAttemptAt = now,
        };
    }

    private static void WriteAlarm(Utf8JsonWriter data, Alarm alarm, bool ended)
    {
        data.WriteString("state", ended ? "ended" : "raised");
        data.WriteString("code", alarm.Code);
        if (alarm.Name is not null)
            data.WriteString("name", alarm.Name);
        data.WriteString("description", alarm.Description);
        data.WriteString("since", UtcTimeConverter.Format(alarm.Since));
        data.WriteString("raisedAt", UtcTimeConverter.Format(alarm.RaisedAt));
        if (ended)
            data.WriteString("endedAt", UtcTimeConverter.Format(alarm.EndedAt!.Value));
    }

    // A CloudEvent that is not about an image.
    private static string Envelope(string source, string type, Guid subject, Guid id, DateTimeOffset at, Action<Utf8JsonWriter> writeData)
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes))
        {
            json.WriteStartObject();
            json.WriteString("specversion", "1.0");
            json.WriteString("id", id);
            json.WriteString("source", source);
            json.WriteString("type", type);
            json.WriteString("subject", subject);
            json.WriteString("time", UtcTimeConverter.Format(at));
            json.WriteString("datacontenttype", "application/json");
            json.WriteStartObject("data");
            json.WriteNumber("schema", 1);
            writeData(json);
            json.WriteEndObject();
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(bytes.GetBuffer(), 0, (int)bytes.Length);
    }
}
