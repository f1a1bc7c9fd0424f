using ImageAspire.Tests.Http;

namespace ImageAspire.Tests.Faults.Crashes;

/// <summary>
/// Compares the audit log with the records: every version of every image has exactly one entry, so no event was lost or repeated, and each
/// stage has one result, after the event that the stage handles.
/// </summary>
internal static class AuditCheck
{
    private const string Received = "image.received", Inspected = "image.inspected", Analyzed = "image.analyzed", Rejected = "image.rejected",
        Failed = "image.failed", Deleted = "image.deleted", Purged = "image.purged";

    public static IEnumerable<string> Violations(IReadOnlyList<AuditEntryDto> audit, IReadOnlyList<ImageDto> records)
    {
        var byId = records.ToDictionary(record => record.Id);
        foreach (var image in audit.GroupBy(line => line.ImageId!.Value))
        {
            var entries = image.Where(line => line.Type is not (Deleted or Purged)).OrderBy(line => line.Data!.Version).ToList();
            var deleted = image.Count(line => line.Type == Deleted);
            var versions = string.Join(", ", entries.Select(line => $"{line.Data!.Version} {line.Type["image.".Length..]}"));
            var steps = entries.GroupBy(line => line.Data!.Version).ToList();
            if (!steps.Select(step => step.Key).SequenceEqual(Enumerable.Range(1, steps.Count).Select(number => (long)number)) || !steps.TrueForAll(IsOneStep))
                yield return $"{image.Key}: not each version has one entry in the audit log: {versions}";
            if (Mistake(entries) is { } mistake)
                yield return $"{image.Key}: {mistake}: {versions}";
            if (deleted > 1)
                yield return $"{image.Key}: deleted {deleted} times";
            if (image.Count(line => line.Type == Purged) is var purged && purged != deleted)
                yield return $"{image.Key}: deleted {deleted} times and purged {purged} times";
            if (byId.TryGetValue(image.Key, out var record) ? deleted != 0 || record.Version != steps.Count : deleted == 0)
                yield return $"{image.Key}: {deleted} deletions and {steps.Count} versions in the audit log, but the record is {record}";
        }

        foreach (var record in records.Where(record => audit.All(line => line.ImageId != record.Id)))
            yield return $"{record.Id}: there is a record, and no entry in the audit log";
    }

    public static Totals Total(IReadOnlyList<AuditEntryDto> audit)
    {
        var uploads = audit.Where(line => line is { Type: Received, Data.Version: 1 }).ToList();
        return new(uploads.Count, uploads.Sum(line => line.Data!.Bytes), Count(Analyzed), Count(Rejected), Count(Failed), Count(Deleted));

        long Count(string type) => audit.Count(line => line.Type == type);
    }

    public static Totals Total(IReadOnlyList<DailyReportDto> days) => new(days.Sum(day => day.Received ?? 0), days.Sum(day => day.Bytes ?? 0),
        days.Sum(day => day.Analyzed ?? 0), days.Sum(day => day.Rejected ?? 0), days.Sum(day => day.Failed ?? 0), days.Sum(day => day.Deleted ?? 0));

    // One entry; an edit that also archived or restored has two.
    private static bool IsOneStep(IEnumerable<AuditEntryDto> entries) =>
        entries.Select(line => line.Type).Order().ToList() is [_] or ["image.archived" or "image.restored", "image.updated"];

    // A sweeper repeats the last event of an image; every other event advances its state.
    private static string? Mistake(List<AuditEntryDto> entries)
    {
        var state = "";
        foreach (var line in entries)
        {
            var ok = line.Type switch
            {
                Received => state is "" or Received or Failed,
                Inspected => state is Received or Inspected or Analyzed or Failed,
                Analyzed => state is Inspected,
                Rejected => state is Received,
                Failed => state is Received or Inspected,
                _ => state.Length > 0,
            };
            if (!ok)
                return $"version {line.Data!.Version} ({line.Type}) does not follow {state}";
            if (line.Type is Received or Inspected or Analyzed or Rejected or Failed)
                state = line.Type;
        }

        return null;
    }

    /// <summary>What the daily reports count.</summary>
    public sealed record Totals(long Received, long Bytes, long Analyzed, long Rejected, long Failed, long Deleted);
}
