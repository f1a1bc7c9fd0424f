using ImageAspire.Core.Events;

namespace ImageAspire.Core.Webhooks;

/// <summary>An external subscriber: an address that is called when something happens to an image, or when an alarm is raised or over.</summary>
public sealed record Webhook
{
    /// <summary>Most webhooks of an installation.</summary>
    public const int Most = 100;

    /// <summary>How long the secret before a rotation signs too.</summary>
    public static readonly TimeSpan RotationOverlap = TimeSpan.FromHours(24);

    /// <summary>The event types about images; a webhook that names no types gets these.</summary>
    public static readonly IReadOnlyList<string> ImageTypes =
        [ImageEventTypes.Analyzed, ImageEventTypes.Rejected, ImageEventTypes.Failed, ImageEventTypes.Deleted, ImageEventTypes.Restored, ImageEventTypes.Purged];

    /// <summary>The event types that a webhook can ask for.</summary>
    public static readonly IReadOnlyList<string> AllTypes = [.. ImageTypes, WebhookDeliveries.AlarmType];

    /// <summary>UUIDv7.</summary>
    public required Guid Id { get; init; }

    /// <summary>1 when it is made; grows with every change.</summary>
    public required long Version { get; init; }

    /// <summary>Absolute http or https address.</summary>
    public required string Url { get; init; }

    /// <summary>Which of <see cref="AllTypes"/> it wants; at least one.</summary>
    public required IReadOnlyList<string> Types { get; init; }

    /// <summary>False: nothing is sent.</summary>
    public required bool Enabled { get; init; }

    /// <summary>Why the service disabled it; null when it did not.</summary>
    public string? DisabledReason { get; init; }

    /// <summary>The signing secret, readable: an HMAC cannot be made from a hash.</summary>
    public required string Secret { get; init; }

    /// <summary>The secret before the last rotation.</summary>
    public string? PreviousSecret { get; init; }

    /// <summary>Until when that one signs too, UTC.</summary>
    public DateTimeOffset? PreviousSecretUntil { get; init; }

    /// <summary>When it was made, UTC.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Name of the API key that made it.</summary>
    public required string CreatedBy { get; init; }

    /// <summary>Whether an event of this type is to be delivered to it.</summary>
    public bool Wants(string type) => Enabled && Types.Contains(type, StringComparer.Ordinal);

    /// <summary>With a new secret; the old one signs too for <see cref="RotationOverlap"/>. One that is older still ends at once.</summary>
    public Webhook Rotate(DateTimeOffset now) => this with
    {
        Version = Version + 1, Secret = WebhookSignature.NewSecret(), PreviousSecret = Secret, PreviousSecretUntil = now + RotationOverlap,
    };

    /// <summary>Switched off by the service itself.</summary>
    public Webhook Disable(string reason) => this with { Version = Version + 1, Enabled = false, DisabledReason = reason };

    /// <summary>The secrets that sign at a time, the newest first.</summary>
    public IEnumerable<string> SecretsAt(DateTimeOffset now)
    {
        yield return Secret;
        if (PreviousSecret is not null && now < PreviousSecretUntil)
            yield return PreviousSecret;
    }

    /// <summary>Never the secrets: this text may come into a log.</summary>
    public override string ToString() => $"webhook {Id}";
}
