using System.Globalization;
using ImageAspire.Core.Alarms;
using ImageAspire.Core.Heartbeats;
using ImageAspire.Core.Ports;

namespace ImageAspire.Api.Alarms;

/// <summary>Something is not as it should be.</summary>
/// <param name="Code">One of <see cref="AlarmCodes"/>.</param>
/// <param name="Name">The stage or the dependency; null for the whole system.</param>
/// <param name="Since">Since when, UTC.</param>
/// <param name="Description">One sentence for people.</param>
/// <param name="Raises">Whether it is bad enough to raise an alarm; else it only keeps one that is open, so that a figure around its limit is one alarm.</param>
internal sealed record AlarmCondition(string Code, string? Name, DateTimeOffset Since, string Description, bool Raises);

/// <summary>What is not as it should be, by a look at the system and the limits of the settings.</summary>
internal sealed class AlarmConditions(SystemLook look, AlarmOptions options)
{
    /// <summary>All that hold now.</summary>
    public IReadOnlyList<AlarmCondition> All() =>
        [.. NoWorker(), .. DependenciesAway(), .. Subscriptions(OldestWaiting), .. Subscriptions(DeadLetters), .. Disk(), .. ErrorRate(), .. Damaged()];

    /// <summary>Whether this look cannot tell if an alarm is over.</summary>
    public bool IsUnknown(Alarm alarm) => alarm.Code switch
    {
        AlarmCodes.OldestWaiting or AlarmCodes.DeadLetters => look.Subscriptions is null,
        AlarmCodes.NoWorker => look.Subscriptions is null || !look.Complete,
        // Of what only a Worker needs nothing is known while none runs.
        AlarmCodes.DependencyAway => (!look.Complete || look.HasNoWorker) && look.Services.Dependencies().All(one => one.Name != alarm.Name),
        AlarmCodes.DamagedOriginals => look.Damaged is null,
        _ => false,
    };

    private IEnumerable<AlarmCondition> NoWorker()
    {
        if (options.NoWorker <= TimeSpan.Zero || !look.HasNoWorker)
            yield break;
        var waiting = (look.Subscriptions ?? []).Where(one => look.States.Of(one).HeldUpBy is { Code: "no-worker" }).ToList();
        if (waiting.Count == 0)
            yield break;
        // Where Workers scale to zero, none may have run for long when the first message comes.
        var (oldest, last) = (waiting.Min(OldestOf), look.Services.NoneSince(ServiceNames.Worker));
        var since = oldest is null || oldest < last ? last ?? look.At : oldest.Value;
        yield return new(AlarmCodes.NoWorker, null, since,
            $"No Worker runs, and messages wait for {And(waiting.Select(one => one.Name))}.", look.For(since) >= options.NoWorker);
    }

    private IEnumerable<AlarmCondition> DependenciesAway()
    {
        if (options.DependencyAway <= TimeSpan.Zero)
            return [];
        return look.Services.Dependencies().Where(one => !one.Available && one.Name != DependencyNames.Space).Select(one => new AlarmCondition(
            AlarmCodes.DependencyAway, one.Name, one.Since, $"{one.Name} is away for {And(one.LostBy.Distinct())}: {Sentence(one.Reason)}",
            look.At - one.Since >= options.DependencyAway));
    }

    private IEnumerable<AlarmCondition> Subscriptions(Func<SubscriptionStatus, AlarmCondition?> find) => (look.Subscriptions ?? []).Select(find).OfType<AlarmCondition>();

    private AlarmCondition? OldestWaiting(SubscriptionStatus one)
    {
        if (options.OldestWaiting <= TimeSpan.Zero || OldestOf(one) is not { } oldest || look.At - oldest < options.OldestWaiting / 2)
            return null;
        var holdUp = look.States.Of(one).HeldUpBy;
        var why = holdUp switch
        {
            { Code: "paused" } => " It is paused.", // not by whom: health is open to everybody
            { Code: "no-worker" } => " No Worker runs.",
            { Code: "no-stage" } => " No stage of this version receives from it.",
            { Code: "dependency-away" } => $" {holdUp.Name} is away: {Sentence(holdUp.Reason)}",
            { Code: "retry", Reason: { } reason } => $" The last attempt did not succeed: {Sentence(reason)}",
            _ => "",
        };
        return new(AlarmCodes.OldestWaiting, one.Name, oldest, $"{one.Name}: a message has waited for more than {Words(options.OldestWaiting)}.{why}", look.For(oldest) >= options.OldestWaiting);
    }

    private AlarmCondition? DeadLetters(SubscriptionStatus one) => options.DeadLetters <= 0 || one.DeadLettered < options.DeadLetters ? null
        : new(AlarmCodes.DeadLetters, one.Name, look.At, $"{one.Name}: {(one.DeadLettered == 1 ? "1 message is" : $"{one.DeadLettered} messages are")} dead-lettered and {(one.DeadLettered == 1 ? "waits" : "wait")} for an operator.", Raises: true);

    private IEnumerable<AlarmCondition> Disk()
    {
        if (options.DiskFreePercent <= 0)
            yield break;
        var refused = look.Services.Dependencies().FirstOrDefault(one => one.Name == DependencyNames.Space && !one.Available);
        var percent = look.Space is { TotalBytes: > 0 } space ? 100.0 * space.FreeBytes / space.TotalBytes : 100;
        if (refused is null && percent >= options.DiskFreePercent * 1.2)
            yield break;
        yield return new(AlarmCodes.DiskNearlyFull, null, refused?.Since ?? look.At,
            $"The disk is nearly full{(look.Space is null ? "" : string.Create(CultureInfo.InvariantCulture, $": {Math.Floor(percent)} % are free"))}.{(refused is null ? "" : " Uploads are refused.")}",
            refused is not null || percent < options.DiskFreePercent);
    }

    private IEnumerable<AlarmCondition> ErrorRate()
    {
        var all = look.Analyzed + look.Failed;
        if (options.ErrorRatePercent <= 0 || look.Failed == 0 || all < options.ErrorRateImages)
            yield break;
        var percent = 100.0 * look.Failed / all;
        if (percent >= options.ErrorRatePercent / 2.0)
            yield return new(AlarmCodes.ErrorRate, null, look.At, $"{options.ErrorRatePercent} % or more of the images failed within ten minutes.", percent >= options.ErrorRatePercent);
    }

    private IEnumerable<AlarmCondition> Damaged()
    {
        if (options.DamagedOriginals > 0 && look.Damaged >= options.DamagedOriginals)
            yield return new(AlarmCodes.DamagedOriginals, null, look.At, $"{look.Damaged} stored {(look.Damaged == 1 ? "original is" : "originals are")} damaged.", Raises: true);
    }

    private static DateTimeOffset? OldestOf(SubscriptionStatus one) => ((DateTimeOffset?[])[one.OldestActiveAt, one.OldestScheduledAt]).Min();

    private static string And(IEnumerable<string> names)
    {
        var all = names.Order(StringComparer.Ordinal).ToList();
        return all.Count < 2 ? string.Concat(all) : $"{string.Join(", ", all[..^1])} and {all[^1]}";
    }

    private static string Sentence(string? reason) => reason is null ? "it does not answer." : reason.EndsWith('.') ? reason : reason + ".";

    private static string Words(TimeSpan time) => time.TotalMinutes >= 2 && time.Seconds == 0
        ? string.Create(CultureInfo.InvariantCulture, $"{time.TotalMinutes:0} minutes") : string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0} seconds");
}
