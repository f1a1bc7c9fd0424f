using ImageAspire.Core.Access;
using ImageAspire.Core.Events;
using ImageAspire.Core.Images;
using ImageAspire.Core.Paging;
using ImageAspire.Core.Ports;

namespace ImageAspire.Tests.Contracts;

/// <summary>What every <see cref="IAuditLog"/> must do. One log per test; several instances on it.</summary>
public abstract partial class AuditLogContract
{
    private static readonly CancellationToken None = CancellationToken.None;

    /// <summary>One more instance on this test's log, as another process would have it.</summary>
    protected abstract IAuditLog Open();

    [Fact]
    public async Task Append_Event_CanBeReadEverywhere()
    {
        var image = Samples.Image("Füße.jpg") with { Tags = ["sea"] };
        var e = Samples.Event(ImageEventTypes.Failed, image, Samples.Noon.AddMilliseconds(7), new ImageFailure("AnalyzeImage", "time-limit", "Too slow.", 5, Samples.Noon))
            with { TraceParent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01" };

        await Open().AppendAsync(e, None);

        var entry = (await Open().QueryAsync(new AuditQuery(), None)).Items.ShouldHaveSingleItem();
        (entry.EventId, entry.Type, entry.ImageId, entry.Actor, entry.At, entry.TraceParent)
            .ShouldBe((e.Id, e.Type, e.ImageId, "someone", e.Time, e.TraceParent));
        (entry.Data!.Name, entry.Data.Bytes, entry.Data.Failure).ShouldBe((e.Data.Name, e.Data.Bytes, e.Data.Failure));
        entry.Data.Tags.ShouldBe(["sea"]);
        (entry.KeyId, entry.Access).ShouldBe((null, null));
    }

    [Fact]
    public async Task Append_AccessEvents_AreFoundByKeyTypeAndActor()
    {
        var log = Open();
        var key = Guid.CreateVersion7();
        AccessEvent Of(string type, Guid? keyId, string actor, AccessEventData data) =>
            new(Guid.CreateVersion7(), type, keyId, actor, Samples.Noon.AddMilliseconds(3), null, data);
        var created = Of(AccessEventTypes.KeyCreated, key, "boss", new AccessEventData { KeyName = "Füße", Scopes = ["read"], Until = Samples.Noon.AddDays(1) });
        var denied = Of(AccessEventTypes.Denied, null, AccessEvent.Anonymous, new AccessEventData
        {
            Status = 401, Code = "wrong-key", Address = "192.0.2.7", Call = "GET /api/images", Count = 12, LastAt = Samples.Noon.AddSeconds(9),
        });
        await log.AppendAsync(Samples.Event(ImageEventTypes.Received, Samples.Image()), None);
        await log.AppendAsync(created, None);
        await log.AppendAsync(created, None);
        await log.AppendAsync(denied, None);

        var other = Open();
        (await other.QueryAsync(new AuditQuery(), None)).Items.Count.ShouldBe(3);
        var entry = (await other.QueryAsync(new AuditQuery { KeyId = key }, None)).Items.ShouldHaveSingleItem();
        (entry.EventId, entry.Type, entry.ImageId, entry.KeyId, entry.Actor, entry.At, entry.Data)
            .ShouldBe((created.Id, created.Type, null, key, "boss", created.Time, null));
        (entry.Access!.KeyName, entry.Access.Until).ShouldBe(("Füße", created.Data.Until));
        entry.Access.Scopes.ShouldBe(["read"]);
        var refused = (await other.QueryAsync(new AuditQuery { Type = AccessEventTypes.Denied, Actor = AccessEvent.Anonymous }, None)).Items.ShouldHaveSingleItem();
        (refused.KeyId, refused.Access).ShouldBe((null, denied.Data));
    }

    [Fact]
    public async Task Append_SameEventAgain_ChangesNothing()
    {
        IAuditLog[] logs = [Open(), Open()];
        var e = Samples.Event(ImageEventTypes.Received, Samples.Image());
        await Task.WhenAll(Enumerable.Range(0, 20).Select(i => Task.Run(() => logs[i % 2].AppendAsync(e, None))));
        (await logs[0].QueryAsync(new AuditQuery(), None)).Items.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Append_InParallel_KeepsAll()
    {
        IAuditLog[] logs = [Open(), Open()];
        await Task.WhenAll(Enumerable.Range(0, 100).Select(i => Task.Run(() => logs[i % 2].AppendAsync(Samples.Event(ImageEventTypes.Received, Samples.Image()), None))));
        (await ListAsync(logs[0], new AuditQuery { Limit = 33 })).Count.ShouldBe(100);
    }

    [Fact]
    public async Task Query_EveryFilter_GivesWhatAModelGives()
    {
        var log = Open();
        var images = Enumerable.Range(0, 3).Select(i => Samples.Image($"{i}.jpg")).ToList();
        var events = Enumerable.Range(0, 60).Select(i =>
        {
            var e = Samples.Event(ImageEventTypes.All[i % 4], images[i % 3], Samples.Noon.AddSeconds(i));
            return e with { Data = e.Data with { Actor = i % 5 == 0 ? "admin" : "camera" } };
        }).ToList();
        foreach (var e in events)
            await log.AppendAsync(e, None);

        var queries =
            from image in (Guid?[])[null, images[1].Id, Guid.NewGuid()]
            from type in (string?[])[null, ImageEventTypes.All[2], "no.such.type"]
            from actor in (string?[])[null, "admin", "' OR 1=1 --"]
            from span in (((DateTimeOffset?, DateTimeOffset?)[])[(null, null), (Samples.Noon.AddSeconds(10), null), (null, Samples.Noon.AddSeconds(50)),
                (Samples.Noon.AddSeconds(7), Samples.Noon.AddSeconds(31))])
            select new AuditQuery { Limit = 4, ImageId = image, Type = type, Actor = actor, From = span.Item1, To = span.Item2 };
        foreach (var query in queries)
        {
            var expected = events.Where(e => (query.ImageId is null || e.ImageId == query.ImageId)
                && (query.Type is null || e.Type == query.Type) && (query.Actor is null || e.Data.Actor == query.Actor)
                && (query.From is null || e.Time >= query.From) && (query.To is null || e.Time < query.To));
            (await ListAsync(log, query)).Select(e => e.EventId).ShouldBe(expected.Reverse().Select(e => e.Id), query.ToString());
        }
    }

    [Fact]
    public async Task Query_WhileEntriesArrive_NoEntryTwiceAndNoneSkipped()
    {
        var log = Open();
        for (var i = 0; i < 20; i++)
            await log.AppendAsync(Samples.Event(ImageEventTypes.Received, Samples.Image()), None);
        var before = (await ListAsync(log, new AuditQuery { Limit = 200 })).Select(e => e.EventId).ToList();

        var listed = await ListAsync(log, new AuditQuery { Limit = 3 }, () => log.AppendAsync(Samples.Event(ImageEventTypes.Received, Samples.Image()), None));

        listed.Select(e => e.EventId).ShouldBe(before);
    }

    [Theory]
    [InlineData("")]
    [InlineData("nonsense")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("'; DROP TABLE audit; --")]
    public async Task Query_CursorFromNowhere_Refused(string cursor) =>
        await Should.ThrowAsync<InvalidCursorException>(() => Open().QueryAsync(new AuditQuery { Cursor = cursor }, None));

    [Fact]
    public async Task Query_CursorOfOtherFilters_Refused()
    {
        var log = Open();
        for (var i = 0; i < 3; i++)
            await log.AppendAsync(Samples.Event(ImageEventTypes.Received, Samples.Image()), None);
        var cursor = (await log.QueryAsync(new AuditQuery { Limit = 1 }, None)).Next;
        await Should.ThrowAsync<InvalidCursorException>(() => log.QueryAsync(new AuditQuery { Cursor = cursor, Actor = "x" }, None));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(201)]
    public async Task Query_LimitOutOfRange_Throws(int limit) =>
        await Should.ThrowAsync<ArgumentOutOfRangeException>(() => Open().QueryAsync(new AuditQuery { Limit = limit }, None));

    private static async Task<List<AuditEntry>> ListAsync(IAuditLog log, AuditQuery query, Func<Task>? betweenPages = null)
    {
        var all = new List<AuditEntry>();
        do
        {
            var page = await log.QueryAsync(query, None);
            page.Items.Count.ShouldBeLessThanOrEqualTo(query.Limit);
            all.AddRange(page.Items);
            query = query with { Cursor = page.Next };
            if (betweenPages is not null)
                await betweenPages();
        }
        while (query.Cursor is not null);
        return all;
    }
}
