namespace ImageAspire.Core.Alarms;

/// <summary>Something that an operator should look at: raised once, and ended once when it is over.</summary>
public sealed record Alarm
{
    /// <summary>UUIDv7; also the event that says that it is raised.</summary>
    public required Guid Id { get; init; }

    /// <summary>One of <see cref="AlarmCodes"/>.</summary>
    public required string Code { get; init; }

    /// <summary>The stage or the dependency that it is about; null when it is about the whole system.</summary>
    public string? Name { get; init; }

    /// <summary>Since when it is so, as far as is known, UTC.</summary>
    public required DateTimeOffset Since { get; init; }

    /// <summary>When it was raised, UTC.</summary>
    public required DateTimeOffset RaisedAt { get; init; }

    /// <summary>What is wrong, in one sentence for people; without addresses and paths.</summary>
    public required string Description { get; init; }

    /// <summary>When it was over, UTC; null while it is not.</summary>
    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>The event that says that it is over; null while it is not.</summary>
    public Guid? EndId { get; init; }

    /// <summary>Whether webhooks have been told all about it, as it now is.</summary>
    public bool Announced { get; init; }

    /// <summary>Whether it is not over.</summary>
    public bool IsOpen => EndedAt is null;

    /// <summary>Whether it is about the same as another one.</summary>
    public bool IsAbout(string code, string? name) => Code == code && Name == name;
}

/// <summary>What alarms are about.</summary>
public static class AlarmCodes
{
    /// <summary>Messages wait, and no Worker runs.</summary>
    public const string NoWorker = "no-worker";

    /// <summary>A process does not reach what it needs.</summary>
    public const string DependencyAway = "dependency-away";

    /// <summary>A message of a stage has waited for too long.</summary>
    public const string OldestWaiting = "oldest-waiting";

    /// <summary>Messages of a stage are dead-lettered.</summary>
    public const string DeadLetters = "dead-letters";

    /// <summary>The disk is nearly full.</summary>
    public const string DiskNearlyFull = "disk-nearly-full";

    /// <summary>Too many images fail.</summary>
    public const string ErrorRate = "error-rate";

    /// <summary>Stored originals are not what was uploaded.</summary>
    public const string DamagedOriginals = "damaged-originals";
}
