using ImageAspire.Core.Images;
using ImageAspire.Tests.Http;

namespace ImageAspire.Tests.Faults.Crashes;

/// <summary>Checks that a system which works again after the kills has kept everything that it acknowledged.</summary>
/// <param name="reader">The system.</param>
/// <param name="oracle">What its clients expect.</param>
/// <param name="options">The run.</param>
internal sealed class InvariantChecker(ApiReader reader, TestOracle oracle, CrashOptions options)
{
    /// <summary>Far longer than anything takes; only a failure waits that long.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    private readonly List<string> _violations = [];

    /// <summary>Waits until the system is idle and checks it.</summary>
    /// <param name="webhook">The webhook that all events were for.</param>
    /// <param name="sink">Where it was delivered.</param>
    /// <param name="announced">How many images a sweeper had to announce again, because the harness removed their messages.</param>
    public async Task<IReadOnlyList<string>> CheckAsync(Guid webhook, WebhookSink sink, int announced)
    {
        await CheckQueuesAsync();
        var records = await reader.ImagesAsync();
        oracle.Counter("images at the end", records.Count);
        var audit = await reader.AuditAsync();
        oracle.Counter("audit entries", audit.Count);
        foreach (var record in records.Where(record => record.Status is not ("analyzed" or "rejected")))
            _violations.Add($"{record.Id} ended {record.Status}");
        await CheckImagesAsync(records);
        _violations.AddRange(AuditCheck.Violations(audit, records));
        var chain = await reader.VerifyAuditAsync();
        if (!chain.Intact || chain.Head.Number < audit.Count)
            _violations.Add($"The chain of the audit log has {chain.Head.Number} entries and {chain.BreakCount} breaks: {string.Join(", ", chain.Breaks)}");
        if (audit.Count(line => line.Actor == "Sweeper") is var swept && swept != announced)
            _violations.Add($"Sweepers announced {swept} images; the messages of {announced} had been lost.");
        CheckReports(await reader.ReportsAsync(), audit);

        await CheckBlobsAsync(records);
        // Those of the Api and of the two workers that run now.
        const int Running = 3;
        if (!await UntilAsync(() => Task.FromResult(options.Stores.HolderProblem(Running) is null)) && options.Stores.HolderProblem(Running) is { } problem)
            _violations.Add(problem);
        await CheckWebhooksAsync(webhook, sink, audit);
        return _violations;
    }

    /// <summary>Waits until no message is under way, and none is to be published; false when that takes too long.</summary>
    public Task<bool> IsIdleAsync() => UntilAsync(async () =>
    {
        // An event can go from one to the other between two looks.
        for (var look = 0; look < 3; look++)
        {
            if (await options.Stores.HasUnpublishedAsync() || await reader.DepthAsync() is not { Waiting: 0 })
                return false;
        }

        return true;
    });

    /// <summary>Waits for a condition; false when it takes too long.</summary>
    public static async Task<bool> UntilAsync(Func<Task<bool>> reached)
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

    private async Task CheckQueuesAsync()
    {
        var isIdle = await IsIdleAsync();
        var (waiting, dead) = await reader.DepthAsync();
        if (!isIdle || dead > 0)
            _violations.Add($"{waiting} messages wait and {dead} are dead letters.");
    }

    private void CheckReports(IReadOnlyList<DailyReportDto> days, List<AuditEntryDto> audit)
    {
        var (inReports, inAudit) = (AuditCheck.Total(days), AuditCheck.Total(audit));
        if (inReports != inAudit)
            _violations.Add($"The reports add up to {inReports}, the audit log to {inAudit}.");
    }

    private async Task CheckImagesAsync(List<ImageDto> records)
    {
        var bySha = records.ToDictionary(record => record.Sha256);
        foreach (var record in records)
        {
            if (oracle.Find(record.Sha256) is not { } image)
                _violations.Add($"{record.Id}: no client uploaded it.");
            else if (await reader.ContentAsync(record.Id) is not { } content || !content.AsSpan().SequenceEqual(image.Bytes))
                _violations.Add($"{image.Name} ({record.Id}): its bytes are not those that were uploaded.");
        }

        foreach (var image in oracle.Images)
            _violations.AddRange(Problems(image, bySha.GetValueOrDefault(image.Sha256)));
    }

    private static string? FirstTag(ImageDto record) => record.Tags is [var tag, ..] ? tag : null;

    private static IEnumerable<string> Problems(TrackedImage image, ImageDto? record)
    {
        if (image.Kind == TrackedImageKind.Contended)
            yield break; // that it is whole or gone is checked for all
        if (record is null)
        {
            if (image.MustExist)
                yield return $"{image.Name} was acknowledged as {image.Ids[0]} and is gone.";
            yield break;
        }

        if (image is { MustExist: false, MayExist: false })
            yield return $"{image.Name} ({record.Id}) was deleted, or never sent, and is there.";
        if (image.MustExist && (image.Ids.Count != 1 || image.Ids[0] != record.Id))
            yield return $"{image.Name} was acknowledged as {string.Join(", ", image.Ids)} and is {record.Id}.";
        if (image.Kind == TrackedImageKind.Owned && image.MustExist && !image.MayHave(FirstTag(record)))
            yield return $"{image.Name} ({record.Id}) has the tag '{FirstTag(record)}', which is not that of the last change.";
        if ((image.Kind == TrackedImageKind.Undecodable) != (record.Status == "rejected"))
            yield return $"{image.Name} ({record.Id}) ended {record.Status}.";
    }

    private async Task CheckBlobsAsync(List<ImageDto> records)
    {
        var expected = records.SelectMany(record => record.Thumbnails!.Select(t => BlobNames.Thumbnail(record.Sha256, record.Id, t.Size, t.ContentType))
            .Append(BlobNames.Original(record.Sha256, record.Id))).Select(name => name[(name.IndexOf('/', StringComparison.Ordinal) + 1)..]).ToHashSet();
        IReadOnlySet<string> found = expected;
        if (await UntilAsync(async () => expected.SetEquals(found = await options.Stores.BlobsAsync())))
            return;
        _violations.AddRange(found.Except(expected).Select(name => $"The blob {name} belongs to no record."));
        _violations.AddRange(expected.Except(found).Select(name => $"The blob {name} is missing."));
    }

    private async Task CheckWebhooksAsync(Guid webhook, WebhookSink sink, List<AuditEntryDto> audit)
    {
        var wanted = audit.Where(line => line.Type is "image.analyzed" or "image.rejected" or "image.failed" or "image.deleted").Select(line => line.EventId).ToHashSet();
        if (options.AwaitWebhooks && !await UntilAsync(async () => (await reader.DeliveriesAsync(webhook)).All(one => one.State == "delivered")))
            _violations.Add("Not all webhooks were delivered.");
        var deliveries = await reader.DeliveriesAsync(webhook);
        oracle.Counter("webhooks", deliveries.Count);
        if (!wanted.SetEquals(deliveries.Select(one => one.EventId)) || deliveries.Count != wanted.Count)
            _violations.Add($"{wanted.Count} events were for the webhook; it has {deliveries.Count} deliveries of {deliveries.DistinctBy(one => one.EventId).Count()} events.");
        foreach (var one in deliveries.Where(one => one.State == "failed" || (one.State == "delivered" && !sink.Has(one.EventId))))
            _violations.Add($"The webhook of event {one.EventId} is {one.State} and was not received.");
    }
}
