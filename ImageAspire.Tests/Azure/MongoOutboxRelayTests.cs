using ImageAspire.Azure.Catalog;
using ImageAspire.Core.Events;
using ImageAspire.Core.Ports;
using Microsoft.Extensions.Logging.Abstractions;

namespace ImageAspire.Tests.Azure;

/// <summary>Whatever dies between commit and publish, the event comes.</summary>
public sealed class MongoOutboxRelayTests : IAsyncLifetime
{
    private static readonly CancellationToken None = CancellationToken.None;

    private readonly MongoTestDatabase _mongo = new();
    private readonly MongoRecordingBus _bus = new();
    private readonly OutboxQueue _queue = new();

    [Fact]
    public async Task Remove_SomeEventsOfAnImage_TheOthersStay()
    {
        var image = Samples.Image();
        var (insert, change) = (image.Insert(), image.Replace(r => r with { Name = "b.jpg" }));
        await Catalog(new OutboxQueue()).CommitAsync([insert, change], None);
        var outbox = new Outbox(_mongo.Database);

        await outbox.RemoveAsync([insert.Event], None);

        (await outbox.WaitingAsync(DateTimeOffset.UtcNow.AddSeconds(1), 10, None)).Select(one => ImageDocument.Event(one).Id).ShouldBe([change.Event.Id]);
    }

    [Fact]
    public async Task Sweep_ProcessDiedAfterItsCommit_PublishesOnce()
    {
        var image = Samples.Image();
        var (insert, change) = (image.Insert(), image.Replace(r => r with { Name = "b.jpg" }));
        await Catalog(new OutboxQueue()).CommitAsync([insert], None); // its queue is gone with it
        await Catalog(new OutboxQueue()).CommitAsync([change], None); // a change must not lose the event before it

        using var relay = Relay();
        await relay.SweepAsync(DateTimeOffset.UtcNow.AddMinutes(-1), None);
        _bus.Published.ShouldBeEmpty(); // too young: its own process may be about to publish it
        await relay.SweepAsync(DateTimeOffset.UtcNow.AddSeconds(1), None);
        await relay.SweepAsync(DateTimeOffset.UtcNow.AddSeconds(1), None);

        _bus.Published.Select(e => e.Id).ShouldBe([insert.Event.Id, change.Event.Id]);
        (await _mongo.Images.CountHavingAsync("outbox.id")).ShouldBe(0);
    }

    [Fact]
    public async Task Relay_TopicIsDown_EventWaitsInTheOutbox()
    {
        await Catalog(_queue).CommitAsync([Samples.Image().Insert()], None);
        using var relay = Relay();

        _bus.Refuses = _ => true;
        await relay.RelayAsync(None);
        (await _mongo.Images.CountHavingAsync("outbox.id")).ShouldBe(1);
        _bus.Refuses = _ => false;
        await relay.SweepAsync(DateTimeOffset.UtcNow.AddSeconds(1), None);

        _bus.Published.Count.ShouldBe(1);
        (await _mongo.Images.CountHavingAsync("outbox.id")).ShouldBe(0);
    }

    [Fact]
    public async Task Sweep_OneEventIsRefused_OthersAreNotHeldUp()
    {
        var images = Enumerable.Range(0, 5).Select(i => Samples.Image($"{i}.jpg", i)).ToList();
        await Catalog(new OutboxQueue()).CommitAsync([.. images.Select(i => i.Insert())], None);
        _bus.Refuses = e => e.ImageId == images[1].Id;

        using var relay = Relay();
        await relay.SweepAsync(DateTimeOffset.UtcNow.AddSeconds(1), None);

        _bus.Published.Select(e => e.ImageId).ShouldBe(images.Where((_, i) => i != 1).Select(i => i.Id), ignoreOrder: true);
        (await _mongo.Images.CountHavingAsync("outbox.id")).ShouldBe(1);
    }

    [Fact]
    public async Task Sweep_AfterADeletion_PublishesAndRemovesTheTombstone()
    {
        var image = Samples.Image();
        await Catalog(new OutboxQueue()).CommitAsync([image.Insert(), image.Delete()], None);
        (await _mongo.Images.CountHavingAsync("_id")).ShouldBe(1);

        using var relay = Relay();
        await relay.SweepAsync(DateTimeOffset.UtcNow.AddSeconds(1), None);

        _bus.Published.Select(e => e.Type).ShouldBe([ImageEventTypes.Received, ImageEventTypes.Deleted]);
        (await _mongo.Images.CountHavingAsync("_id")).ShouldBe(0);
    }

    [Fact]
    public async Task Tombstone_WhileItsEventsWait_IsInvisible()
    {
        var catalog = Catalog(_queue);
        var image = Samples.Image().Seen("A zebra.", ["zebra"]);
        await catalog.CommitAsync([image.Insert(), image.Delete()], None);

        (await catalog.GetAsync(image.Id, None)).ShouldBeNull();
        (await catalog.FindAsync(image.Sha256, None)).ShouldBeNull();
        foreach (var archived in (bool?[])[null, true, false])
            (await catalog.QueryAsync(new ImageQuery { Archived = archived }, None)).Items.ShouldBeEmpty();
        (await catalog.CountAsync(Facet.Status, 10, None)).ShouldBeEmpty();
        (await catalog.CommitAsync([image.Replace(r => r), image.Delete()], None)).ShouldBe([CommitResult.Stale, CommitResult.Stale]);
    }

    [Fact]
    public async Task Host_Stops_WhatIsInTheQueueIsPublishedFirst()
    {
        var catalog = Catalog(_queue);
        using var relay = Relay();
        await relay.StartAsync(None);
        await catalog.CommitAsync([.. Enumerable.Range(0, 250).Select(i => Samples.Image($"{i}.jpg", i).Insert())], None);

        await relay.StopAsync(None);

        _bus.Published.Count.ShouldBe(250);
        (await _mongo.Images.CountHavingAsync("outbox.id")).ShouldBe(0);
    }

    public ValueTask InitializeAsync() => _mongo.InitializeAsync();

    public ValueTask DisposeAsync() => _mongo.DisposeAsync();

    private MongoImageCatalog Catalog(OutboxQueue queue) => new(_mongo.Database, queue, TimeProvider.System);

    private OutboxRelay Relay() => new(_queue, new Outbox(_mongo.Database), _bus, TimeProvider.System, NullLogger<OutboxRelay>.Instance);
}
