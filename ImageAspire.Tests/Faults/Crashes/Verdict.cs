namespace ImageAspire.Tests.Faults.Crashes;

/// <summary>Checks a system that works again, after all that was done to it.</summary>
/// <param name="answers">The system.</param>
/// <param name="journal">What its clients were told.</param>
/// <param name="options">The run.</param>
internal sealed class Verdict(Answers answers, Journal journal, CrashOptions options)
{
    /// <summary>Far longer than anything takes; only what never comes is waited for so long.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    private readonly List<string> _violations = [];

    /// <summary>What is wrong.</summary>
    /// <param name="webhook">The webhook that all events were for.</param>
    /// <param name="sink">Where it led.</param>
    /// <param name="announced">How often a sweeper had to announce images, because the harness had lost their messages.</param>
    public async Task<IReadOnlyList<string>> ReadAsync(Guid webhook, WebhookSink sink, int announced)
    {
        await ComesToRestAsync();
        var records = await answers.RecordsAsync();
        journal.Counter("images at the end", records.Count);
        var audit = await answers.AuditAsync();
        journal.Counter("audit entries", audit.Count);
        foreach (var record in records.Where(record => record.Status is not ("analyzed" or "rejected")))
            _violations.Add($"{record.Id} ended {record.Status}");
        await CheckPicturesAsync(records);
        _violations.AddRange(AuditCheck.Violations(audit, records));
        if (audit.Count(line => line.Actor == "Sweeper") is var swept && swept != announced)
            _violations.Add($"Sweepers announced {swept} images; the messages of {announced} had been lost.");
        var report = await answers.ReportAsync();
        foreach (var (name, count) in AuditCheck.Report(audit))
        {
            if (report[name] is var reported && reported != count)
                _violations.Add($"The reports say {reported} {name}, the audit log says {count}.");
        }

        await CheckBlobsAsync(records);
        // Those of the Api and of the two workers that live now.
        if (!await UntilAsync(() => Task.FromResult(StoreCheck.Holders(options.DataFolder) == 3)))
            _violations.Add($"{StoreCheck.Holders(options.DataFolder)} processes are said to live; there are 3.");
        await CheckWebhooksAsync(webhook, sink, audit);
        return _violations;
    }

    private async Task ComesToRestAsync()
    {
        var rest = await UntilAsync(async () => await answers.DepthAsync() is { Waiting: 0 });
        var (waiting, dead) = await answers.DepthAsync();
        if (!rest || dead > 0)
            _violations.Add($"{waiting} messages wait and {dead} are dead letters.");
    }

    private async Task CheckPicturesAsync(List<RecordLine> records)
    {
        var bySha = records.ToDictionary(record => record.Sha256);
        foreach (var record in records)
        {
            if (journal.Find(record.Sha256) is not { } picture)
                _violations.Add($"{record.Id}: nobody uploaded that.");
            else if (await answers.ContentAsync(record.Id) is not { } content || !content.AsSpan().SequenceEqual(picture.Bytes))
                _violations.Add($"{picture.Name} ({record.Id}): its bytes are not those that were uploaded.");
        }

        foreach (var picture in journal.Pictures)
            _violations.AddRange(Problems(picture, bySha.GetValueOrDefault(picture.Sha256)));
    }

    private static IEnumerable<string> Problems(Picture picture, RecordLine? record)
    {
        if (picture.Kind == PictureKind.Contended)
            yield break; // that it is whole or gone is checked for all
        if (record is null)
        {
            if (picture.MustExist)
                yield return $"{picture.Name} was acknowledged as {picture.Ids[0]} and is gone.";
            yield break;
        }

        if (picture is { MustExist: false, MayExist: false })
            yield return $"{picture.Name} ({record.Id}) was deleted, or never sent, and is there.";
        if (picture.MustExist && (picture.Ids.Count != 1 || picture.Ids[0] != record.Id))
            yield return $"{picture.Name} was acknowledged as {string.Join(", ", picture.Ids)} and is {record.Id}.";
        if (picture.Kind == PictureKind.Doomed && picture.MustExist && !picture.MayHave(record.Change))
            yield return $"{picture.Name} ({record.Id}) has the change '{record.Change}', which is not the last one.";
        if ((picture.Kind == PictureKind.Broken) != (record.Status == "rejected"))
            yield return $"{picture.Name} ({record.Id}) ended {record.Status}.";
    }

    private async Task CheckBlobsAsync(List<RecordLine> records)
    {
        if (!await UntilAsync(() => Task.FromResult(StoreCheck.Blobs(options.DataFolder, records) is { Orphans.Count: 0, Missing.Count: 0 })))
        {
            var (orphans, missing) = StoreCheck.Blobs(options.DataFolder, records);
            _violations.AddRange(orphans.Select(name => $"The blob {name} belongs to nobody."));
            _violations.AddRange(missing.Select(name => $"The blob {name} is missing."));
        }
    }

    private async Task CheckWebhooksAsync(Guid webhook, WebhookSink sink, List<AuditLine> audit)
    {
        var wanted = audit.Where(line => line.Type is "image.analyzed" or "image.rejected" or "image.failed" or "image.deleted").Select(line => line.EventId).ToHashSet();
        if (options.AwaitWebhooks && !await UntilAsync(async () => (await answers.DeliveriesAsync(webhook)).All(one => one.State == "delivered")))
            _violations.Add("Not all webhooks were delivered.");
        var deliveries = await answers.DeliveriesAsync(webhook);
        journal.Counter("webhooks", deliveries.Count);
        if (!wanted.SetEquals(deliveries.Select(one => one.EventId)) || deliveries.Count != wanted.Count)
            _violations.Add($"{wanted.Count} events were for the webhook; it has {deliveries.Count} deliveries of {deliveries.DistinctBy(one => one.EventId).Count()} events.");
        foreach (var (eventId, state) in deliveries.Where(one => one.State == "failed" || (one.State == "delivered" && !sink.Has(one.EventId))))
            _violations.Add($"The webhook of event {eventId} is said to be {state}.");
    }

    private static async Task<bool> UntilAsync(Func<Task<bool>> reached)
    {
        var began = TimeProvider.System.GetTimestamp();
        while (!await reached())
        {
            if (TimeProvider.System.GetElapsedTime(began) > Patience)
                return false;
            await Task.Delay(50);
        }

        return true;
    }
}
