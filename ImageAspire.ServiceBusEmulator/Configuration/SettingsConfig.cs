using System.Globalization;
using System.Text.Json;
using System.Xml;
using ImageAspire.ServiceBusEmulator.Broker;

namespace ImageAspire.ServiceBusEmulator.Configuration;

/// <summary>The properties of a queue, topic or subscription.</summary>
internal static class SettingsConfig
{
    // The last ones change nothing here, as in the official emulator.
    private static readonly string[] Names =
    [
        "LockDuration", "MaxDeliveryCount", "RequiresSession", "DeadLetteringOnMessageExpiration", "DeadLetteringOnFilterEvaluationExceptions", "RequiresDuplicateDetection",
        "DuplicateDetectionHistoryTimeWindow", "DefaultMessageTimeToLive", "AutoDeleteOnIdle", "ForwardTo", "ForwardDeadLetteredMessagesTo", "MaxSizeInMegabytes", "Status", "UserMetadata",
        "EnableBatchedOperations", "EnablePartitioning", "EnableExpress", "SupportOrdering", "MaxMessageSizeInKilobytes",
    ];

    public static EntitySettings Read(ConfigNode entity)
    {
        var settings = new EntitySettings();
        if (entity.Find("Properties") is not { } node)
            return settings;
        node.Object(Names);
        return settings with
        {
            LockDuration = node.Value("LockDuration", Span, settings.LockDuration),
            MaxDeliveryCount = node.Value("MaxDeliveryCount", Number, settings.MaxDeliveryCount),
            RequiresSession = node.Value("RequiresSession", Truth, settings.RequiresSession),
            DeadLetterOnExpiration = node.Value("DeadLetteringOnMessageExpiration", Truth, settings.DeadLetterOnExpiration),
            DeadLetterOnFilterErrors = node.Value("DeadLetteringOnFilterEvaluationExceptions", Truth, settings.DeadLetterOnFilterErrors),
            RequiresDuplicateDetection = node.Value("RequiresDuplicateDetection", Truth, settings.RequiresDuplicateDetection),
            DuplicateWindow = node.Value("DuplicateDetectionHistoryTimeWindow", Span, settings.DuplicateWindow),
            TimeToLive = node.Value("DefaultMessageTimeToLive", Span, settings.TimeToLive),
            AutoDeleteOnIdle = node.Value("AutoDeleteOnIdle", Span, settings.AutoDeleteOnIdle),
            ForwardTo = node.Value("ForwardTo", value => value.AsText(), settings.ForwardTo),
            ForwardDeadLettersTo = node.Value("ForwardDeadLetteredMessagesTo", value => value.AsText(), settings.ForwardDeadLettersTo),
            MaxSizeInMegabytes = node.Value("MaxSizeInMegabytes", Number, settings.MaxSizeInMegabytes),
            Status = node.Value("Status", value => value.AsText(), settings.Status),
            UserMetadata = node.Value("UserMetadata", value => value.AsText(), settings.UserMetadata),
        };
    }

    private static bool Truth(ConfigNode node) => node.Kind switch { JsonTokenType.True => true, JsonTokenType.False => false, _ => throw node.Error("true or false is expected here.") };

    private static int Number(ConfigNode node) => node.Kind == JsonTokenType.Number && int.TryParse(node.Text, CultureInfo.InvariantCulture, out var number)
        ? number : throw node.Error("A whole number is expected here.");

    private static TimeSpan Span(ConfigNode node)
    {
        try
        {
            return XmlConvert.ToTimeSpan(node.AsText());
        }
        catch (OverflowException)
        {
            return TimeSpan.MaxValue;
        }
        catch (FormatException)
        {
            throw node.Error($"A duration such as PT1M is expected here, not '{node.Text}'.");
        }
    }
}
