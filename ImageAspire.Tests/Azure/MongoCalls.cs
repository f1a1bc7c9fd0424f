using ImageAspire.Azure.ApiKeys;
using ImageAspire.Azure.Audit;
using ImageAspire.Azure.Catalog;
using ImageAspire.Azure.Heartbeats;
using ImageAspire.Azure.Reports;
using ImageAspire.Azure.Reprocessing;
using ImageAspire.Azure.Scrub;
using ImageAspire.Azure.Search;
using ImageAspire.Azure.Topic;
using ImageAspire.Azure.Webhooks;
using ImageAspire.Core.Access;
using ImageAspire.Core.Events;
using ImageAspire.Core.Images;
using ImageAspire.Core.Ports;
using ImageAspire.Core.Vectors;
using ImageAspire.Core.Webhooks;
using ImageAspire.Tests.Heartbeats;
using MongoDB.Driver;

namespace ImageAspire.Tests.Azure;

/// <summary>A call of every member of every adapter on MongoDB.</summary>
internal static class MongoCalls
{
    private static readonly CancellationToken None = CancellationToken.None;

    /// <summary>The calls, by name.</summary>
    public static IReadOnlyList<(string Name, Func<Task> Run)> Of(IMongoDatabase database) => [.. OfImages(database), .. OfLogs(database), .. OfWebhooks(database), .. OfKeys(database), .. OfJobs(database)];

    private static IEnumerable<(string, Func<Task>)> OfImages(IMongoDatabase database)
    {
        var (catalog, outbox, vectors, image) = (new MongoImageCatalog(database, new OutboxQueue(), TimeProvider.System), new Outbox(database), new MongoVectorIndex(database), Samples.Image());
        return
        [
            ("get", () => catalog.GetAsync(image.Id, None)), ("find", () => catalog.FindAsync(image.Sha256, None)), ("query", () => catalog.QueryAsync(new ImageQuery(), None)),
            ("insert", () => catalog.CommitAsync([image.Insert()], None)), ("change", () => catalog.CommitAsync([image.Replace(r => r)], None)), ("delete", () => catalog.CommitAsync([image.Delete()], None)),
            ("count", () => catalog.CountAsync(Facet.Tag, 1, None)), ("use", () => new MongoStorageUse(database).ReadAsync([new KeyOwner(Guid.NewGuid(), "someone")], None)),
            ("outbox.waiting", () => outbox.WaitingAsync(Samples.Noon, 1, None)), ("outbox.remove", () => outbox.RemoveAsync([image.Insert().Event], None)),
            ("outbox.tombstones", () => outbox.RemoveTombstonesAsync(Samples.Noon, None)),
            ("vectors.get", () => vectors.GetAsync(image.Id, None)), ("vectors.find", () => vectors.FindAsync(new VectorQuery(VectorKind.Text, FakeVectorizer.Of("puppy")), None)),
        ];
    }

    private static IEnumerable<(string, Func<Task>)> OfLogs(IMongoDatabase database)
    {
        var (audit, reports, e) = (new MongoAuditLog(database, TimeProvider.System), new MongoReportStore(database, TimeProvider.System), Samples.Event(ImageEventTypes.Analyzed, Samples.Image()));
        var (today, denied) = (DateOnly.FromDateTime(Samples.Noon.UtcDateTime), new AccessEvent(Guid.CreateVersion7(), AccessEventTypes.Denied, null, "boss", Samples.Noon, null, new AccessEventData()));
        return
        [
            ("audit.append", () => audit.AppendAsync(e, None)), ("audit.append access", () => audit.AppendAsync(denied, None)), ("audit.query", () => audit.QueryAsync(new AuditQuery(), None)),
            ("audit.head", () => audit.GetHeadAsync(None)), ("audit.verify", () => audit.VerifyAsync(null, None)),
            ("reports.apply", () => reports.ApplyAsync(e, None)), ("reports.daily", () => reports.DailyAsync(today, today, None)),
        ];
    }

    private static IEnumerable<(string, Func<Task>)> OfWebhooks(IMongoDatabase database)
    {
        var (webhooks, deliveries) = (new MongoWebhookStore(database), new MongoWebhookDeliveries(database, TimeProvider.System));
        var webhook = new Webhook
        {
            Id = Guid.CreateVersion7(), Version = 2, Url = "https://example.com/", Types = Webhook.AllTypes, Enabled = true, Secret = "whsec_b2xk", CreatedAt = Samples.Noon, CreatedBy = "boss",
        };
        var claim = new ClaimedDelivery(WebhookDeliveries.Of(Samples.Event(ImageEventTypes.Analyzed, Samples.Image()), webhook, Samples.Noon), Guid.NewGuid());
        var attempt = new DeliveryAttempt { Number = 1, At = Samples.Noon, DurationMs = 1, Status = 200 };
        return
        [
            ("webhooks.add", () => webhooks.AddAsync(webhook, None)), ("webhooks.list", () => webhooks.ListAsync(None)), ("webhooks.get", () => webhooks.GetAsync(webhook.Id, None)),
            ("webhooks.replace", () => webhooks.ReplaceAsync(webhook, None)), ("webhooks.delete", () => webhooks.DeleteAsync(webhook.Id, None)),
            ("deliveries.enqueue", () => deliveries.EnqueueAsync([claim.Delivery], None)), ("deliveries.claim", () => deliveries.ClaimAsync(webhook.Id, 1, TimeSpan.FromMinutes(1), None)),
            ("deliveries.record", () => deliveries.RecordAsync(claim, attempt, DeliveryState.Delivered, null, None)), ("deliveries.requeue", () => deliveries.RequeueAsync(webhook.Id, claim.Delivery.Id, None)),
            ("deliveries.list", () => deliveries.ListAsync(webhook.Id, 1, null, None)),
        ];
    }

    private static IEnumerable<(string, Func<Task>)> OfKeys(IMongoDatabase database)
    {
        var (keys, tokens) = (new MongoApiKeyStore(database, TimeProvider.System), new MongoSpentTokenStore(database));
        var key = new ApiKey
        {
            Id = Guid.CreateVersion7(), Version = 2, Name = "key", Scopes = ["read"], RequestsPerSecond = 10, Burst = 20, Sha256 = new string('a', 64), Hint = "a", CreatedAt = Samples.Noon, CreatedBy = "boss",
        };
        return
        [
            ("keys.add", () => keys.AddAsync(key, None)), ("keys.replace", () => keys.ReplaceAsync(key, None)), ("keys.get", () => keys.GetAsync(key.Id, None)), ("keys.read", () => keys.ReadAsync(null, None)),
            ("keys.touch", () => keys.TouchAsync([new ApiKeyUse(key.Id, Samples.Noon)], None)),
            ("tokens.spend", () => tokens.SpendAsync(key.Id, Samples.Noon, None)), ("tokens.find", () => tokens.FindSpentAsync([key.Id], None)),
        ];
    }

    private static IEnumerable<(string, Func<Task>)> OfJobs(IMongoDatabase database)
    {
        var (jobs, progress, findings, pauses) = (new MongoReprocessingJobStore(database), new MongoScrubProgressStore(database), new MongoScrubFindingStore(database), new MongoPauseSwitches(database));
        var job = new ReprocessingJob
        {
            Stage = "inspect-image", Version = 1, Scope = ReprocessingScope.Missing, State = ReprocessingState.Running, StartedBy = "boss", StartedAt = Samples.Noon, UpdatedAt = Samples.Noon,
        };
        var heartbeats = new MongoHeartbeatStore(database);
        var finding = new ScrubFinding(Guid.CreateVersion7(), "a.jpg", new string('a', 64), OriginalDamage.WrongSize, Samples.Noon, Samples.Noon);
        return
        [
            ("jobs.list", () => jobs.ListAsync(None)), ("jobs.save", () => jobs.SaveAsync(job, None)), ("jobs.save again", () => jobs.SaveAsync(job with { Version = 2 }, None)),
            ("scrub.read", () => progress.ReadAsync(None)), ("scrub.save", () => progress.SaveAsync(new ScrubProgress { Version = 1 }, None)),
            ("findings.add", () => findings.AddAsync(finding, None)), ("findings.update", () => findings.UpdateAsync(finding, None)), ("findings.remove", () => findings.RemoveAsync(finding.ImageId, None)),
            ("findings.find", () => findings.FindAsync(finding.ImageId, None)), ("findings.list", () => findings.ListAsync(1, None)),
            ("heartbeats.write", () => heartbeats.WriteAsync(Beats.Of(), None)), ("heartbeats.list", () => heartbeats.ListAsync(None)), ("heartbeats.remove", () => heartbeats.RemoveAsync([Guid.NewGuid()], None)),
            ("pauses.get", () => pauses.GetPausedAsync(None)), ("pauses.set", () => pauses.SetAsync("inspect-image", new SubscriptionPause("boss", Samples.Noon), None)), ("pauses.unset", () => pauses.SetAsync("inspect-image", null, None)),
        ];
    }
}
