namespace ImageAspire.Tests.Faults.Crashes;

/// <summary>
/// The audit log as witness: every version of every image has exactly one entry, so nothing was lost and nothing was done twice; and each
/// stage's result comes after what woke the stage, and once.
/// </summary>
internal static class AuditCheck
{
    private const string Received = "image.received", Inspected = "image.inspected", Analyzed = "image.analyzed", Rejected = "image.rejected",
        Failed = "image.failed", Deleted = "image.deleted";

    public static IEnumerable<string> Violations(IReadOnlyList<AuditLine> audit, IReadOnlyList<RecordLine> records)
    {
        var byId = records.ToDictionary(record => record.Id);
        foreach (var image in audit.GroupBy(line => line.Image))
        {
            var moves = image.Where(line => line.Type != Deleted).OrderBy(line => line.Version).ToList();
            var deleted = image.Count(line => line.Type == Deleted);
            var told = string.Join(", ", moves.Select(line => $"{line.Version} {line.Type["image.".Length..]}"));
            if (!moves.Select(line => line.Version).SequenceEqual(Enumerable.Range(1, moves.Count).Select(number => (long)number)))
                yield return $"{image.Key}: not each version has one entry in the audit log: {told}";
            if (Misstep(moves) is { } misstep)
                yield return $"{image.Key}: {misstep}: {told}";
            if (deleted > 1)
                yield return $"{image.Key}: deleted {deleted} times";
            if (byId.TryGetValue(image.Key, out var record) ? deleted != 0 || record.Version != moves.Count : deleted == 0)
                yield return $"{image.Key}: {deleted} deletions and {moves.Count} versions in the audit log, but the record is {record}";
        }

        foreach (var record in records.Where(record => audit.All(line => line.Image != record.Id)))
            yield return $"{record.Id}: there is a record, and nothing in the audit log";
    }

    /// <summary>What the reports must say.</summary>
    public static Dictionary<string, long> Report(IReadOnlyList<AuditLine> audit)
    {
        var uploads = audit.Where(line => line is { Type: Received, Version: 1 }).ToList();
        return new()
        {
            ["received"] = uploads.Count, ["bytes"] = uploads.Sum(line => line.Bytes), ["analyzed"] = audit.Count(line => line.Type == Analyzed),
            ["rejected"] = audit.Count(line => line.Type == Rejected), ["failed"] = audit.Count(line => line.Type == Failed),
            ["deleted"] = audit.Count(line => line.Type == Deleted),
        };
    }

    // Whoever announces an image again repeats its last step; everything else moves on.
    private static string? Misstep(List<AuditLine> moves)
    {
        var state = "";
        foreach (var line in moves)
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
                return $"version {line.Version} ({line.Type}) does not follow {state}";
            if (line.Type is Received or Inspected or Analyzed or Rejected or Failed)
                state = line.Type;
        }

        return null;
    }
}
