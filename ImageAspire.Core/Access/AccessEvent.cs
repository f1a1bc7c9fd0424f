namespace ImageAspire.Core.Access;

/// <summary>What the audit log says about keys, calls and operators, beside what it says about images.</summary>
public static class AccessEventTypes
{
    /// <summary>A key was created.</summary>
    public const string KeyCreated = "key.created";

    /// <summary>Name, scopes, rate or expiry of a key were changed.</summary>
    public const string KeyChanged = "key.changed";

    /// <summary>A key has a new secret.</summary>
    public const string KeyRotated = "key.rotated";

    /// <summary>A key was revoked.</summary>
    public const string KeyRevoked = "key.revoked";

    /// <summary>Calls were refused: no key, a wrong one, or one without the scope.</summary>
    public const string Denied = "access.denied";

    /// <summary>A subscription was paused.</summary>
    public const string Paused = "operation.paused";

    /// <summary>A subscription was resumed.</summary>
    public const string Resumed = "operation.resumed";

    /// <summary>A subscription that no stage receives from was deleted.</summary>
    public const string SubscriptionDeleted = "operation.subscription-deleted";

    /// <summary>A reprocessing job was started.</summary>
    public const string ReprocessingStarted = "operation.run";

    /// <summary>A reprocessing job was cancelled.</summary>
    public const string ReprocessingCancelled = "operation.run-stopped";

    /// <summary>Dead letters were retried.</summary>
    public const string Retried = "operation.retried";

    /// <summary>A dead letter was discarded.</summary>
    public const string Discarded = "operation.discarded";

    /// <summary>Every type.</summary>
    public static readonly IReadOnlyList<string> All =
        [KeyCreated, KeyChanged, KeyRotated, KeyRevoked, Denied, Paused, Resumed, SubscriptionDeleted, ReprocessingStarted, ReprocessingCancelled, Retried, Discarded];

    /// <summary>Whether an entry of this type is about access or an operator, and not about an image.</summary>
    public static bool Contains(string type)
    {
        ArgumentNullException.ThrowIfNull(type);
        return type.StartsWith("key.", StringComparison.Ordinal) || type.StartsWith("access.", StringComparison.Ordinal)
            || type.StartsWith("operation.", StringComparison.Ordinal);
    }
}

/// <summary>Something that happened to a key, calls that were refused, or what an operator did.</summary>
/// <param name="Id">UUIDv7; appended twice, it is in the log once.</param>
/// <param name="Type">One of <see cref="AccessEventTypes"/>.</param>
/// <param name="KeyId">The key, or the operator's; null when the call came without one that is known.</param>
/// <param name="Actor">Name of the key that did it, or that was refused.</param>
/// <param name="Time">When, UTC; of several refused calls, the first.</param>
/// <param name="TraceParent">W3C trace context of the request.</param>
/// <param name="Data">The rest.</param>
public sealed record AccessEvent(
    Guid Id, string Type, Guid? KeyId, string Actor, DateTimeOffset Time, string? TraceParent, AccessEventData Data)
{
    /// <summary>The actor of calls that came without a known key.</summary>
    public const string Anonymous = "anonymous";
}

/// <summary>Its details. Never a secret or a hash.</summary>
public sealed record AccessEventData
{
    /// <summary>The key's name after the change.</summary>
    public string? KeyName { get; init; }

    /// <summary>The key's scopes after the change.</summary>
    public IReadOnlyList<string>? Scopes { get; init; }

    /// <summary>Which members were changed.</summary>
    public IReadOnlyList<string>? Changed { get; init; }

    /// <summary>When a key ends, or until when its old secret works, UTC.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>Of refused calls: the HTTP status.</summary>
    public int? Status { get; init; }

    /// <summary>Of refused calls: the problem's code.</summary>
    public string? Code { get; init; }

    /// <summary>Of refused calls: where they came from.</summary>
    public string? Address { get; init; }

    /// <summary>Of refused calls: the method and route that was called first.</summary>
    public string? Call { get; init; }

    /// <summary>Of refused calls and retried dead letters: how many this entry stands for.</summary>
    public long? Count { get; init; }

    /// <summary>Of refused calls: when the last one came, UTC.</summary>
    public DateTimeOffset? LastAt { get; init; }

    /// <summary>Of what an operator did: to what.</summary>
    public string? Target { get; init; }

    /// <summary>Of what an operator did: why, if that was said.</summary>
    public string? Reason { get; init; }
}
