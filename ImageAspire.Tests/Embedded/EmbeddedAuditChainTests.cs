using ImageAspire.Core.Access;
using ImageAspire.Core.Events;
using ImageAspire.Core.Ports;
using ImageAspire.Embedded.Audit;
using ImageAspire.Embedded.Sqlite;

namespace ImageAspire.Tests.Embedded;

/// <summary>What somebody does who can write the file of the audit log, and what the chain says to it.</summary>
public sealed class EmbeddedAuditChainTests : IAsyncDisposable
{
    private const string NoTriggers = "DROP TRIGGER IF EXISTS audit_no_update; DROP TRIGGER IF EXISTS audit_no_delete;";
    private const int Entries = 9;
    private static readonly CancellationToken None = CancellationToken.None;
    private readonly TempFolder _folder = new();
    private readonly SqliteDatabase _database;
    private readonly EmbeddedAuditLog _log;

    public EmbeddedAuditChainTests()
    {
        _database = AuditSchema.Open(_folder.Data);
        _log = new EmbeddedAuditLog(_database);
    }

    [Theory]
    [InlineData("event_id=x'00112233445566778899aabbccddeeff'")]
    [InlineData("type='image.updated'")]
    [InlineData("image=x''")]
    [InlineData("image=(SELECT image FROM audit WHERE sequence=1)")]
    [InlineData("actor='else'")]
    [InlineData("actor=actor||char(0)")]
    [InlineData("actor=''")]
    [InlineData("at=at+1")]
    [InlineData("trace_parent='00-1af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'")]
    [InlineData("trace_parent=''")]
    [InlineData("trace_parent=NULL")]
    [InlineData("data=json_set(data, '$.name', 'other.jpg')")]
    [InlineData("data=data||' '")]
    [InlineData("hash=x'00'")]
    [InlineData("hash=NULL")]
    [InlineData("hash=(SELECT hash FROM audit WHERE sequence=4)")]
    public async Task Verify_AnyColumnOfAnEntryChanged_IsThatEntryAndNothingElse(string change)
    {
        await FillAsync();

        await TamperAsync($"UPDATE audit SET {change} WHERE sequence=5");

        await BreaksAsync(null, new AuditBreak(AuditBreakKinds.Changed, 5, 5));
    }

    [Fact]
    public async Task Verify_EntriesSwapped_BothAreNamed()
    {
        await FillAsync();

        await TamperAsync("UPDATE audit SET sequence=-5 WHERE sequence=5; UPDATE audit SET sequence=5 WHERE sequence=7; UPDATE audit SET sequence=7 WHERE sequence=-5");

        (await _log.VerifyAsync(null, None)).Breaks.Select(one => one.From).ShouldBe([5, 6, 7, 8]);
    }

    [Fact]
    public async Task Verify_EntriesRemoved_AreMissingAndNothingElse()
    {
        await FillAsync();

        await TamperAsync("DELETE FROM audit WHERE sequence IN (3, 4, 8)");

        await BreaksAsync(null, new AuditBreak(AuditBreakKinds.Missing, 3, 4), new AuditBreak(AuditBreakKinds.Missing, 8, 8));
    }

    [Fact]
    public async Task Verify_EndRemoved_IsFoundWithAnEarlierHeadAlsoWhenTheLogGoesOn()
    {
        await FillAsync();
        var head = await _log.GetHeadAsync(None);

        await TamperAsync("DELETE FROM audit WHERE sequence>6");

        await BreaksAsync(null);
        await BreaksAsync(head, new AuditBreak(AuditBreakKinds.Missing, 7, 9));
        await FillAsync();
        await BreaksAsync(null);
        await BreaksAsync(head, new AuditBreak(AuditBreakKinds.Recomputed, 9, 9));
    }

    [Fact]
    public async Task Verify_WholeChainComputedAgain_IsFoundWithAnEarlierHeadAlone()
    {
        await FillAsync();
        var head = await _log.GetHeadAsync(None);

        await TamperAsync("UPDATE audit SET actor='else' WHERE sequence=2");
        await _database.WriteAsync(scope =>
        {
            AuditRows.LinkAll(scope.Session);
            return true;
        }, Durability.Disk, None);

        await BreaksAsync(null);
        await BreaksAsync(head, new AuditBreak(AuditBreakKinds.Recomputed, 9, 9));
        await BreaksAsync(new AuditHead(0, AuditHead.HashText(null)));
    }

    [Fact]
    public async Task Verify_EntryAddedInFront_IsNamed()
    {
        await FillAsync();

        await TamperAsync("INSERT INTO audit(sequence, event_id, type, image, actor, at, data, hash) SELECT 0, x'00', type, image, actor, at, data, hash FROM audit WHERE sequence=1");

        await BreaksAsync(null, new AuditBreak(AuditBreakKinds.Changed, 0, 0));
    }

    [Fact]
    public async Task Verify_MoreThanAPage_ReadsAll()
    {
        await Task.WhenAll(Enumerable.Range(0, 120).Select(_ => FillAsync()));
        (await _log.VerifyAsync(null, None)).Head.Number.ShouldBe(120 * Entries);

        await TamperAsync("UPDATE audit SET at=0 WHERE sequence IN (500, 501, 1000)");

        await BreaksAsync(null, [.. new[] { 500, 501, 1000 }.Select(number => new AuditBreak(AuditBreakKinds.Changed, number, number))]);
    }

    [Fact]
    public async Task Open_LogOfTheOlderSchema_EveryEntryIsInTheChainAndStaysAppendOnly()
    {
        await Task.WhenAll(Enumerable.Range(0, 60).Select(_ => FillAsync())); // several pages
        await _database.DisposeAsync();
        var head = new AuditHead(0, "");
        using (var session = new SqliteSession(_folder.Data.PathOf(AuditSchema.FileName), readOnly: false))
        {
            head = AuditRows.Head(session);
            session.Run("ALTER TABLE audit DROP COLUMN hash; PRAGMA user_version=2");
        }

        await using var migrated = AuditSchema.Open(_folder.Data);
        var log = new EmbeddedAuditLog(migrated);

        var found = await log.VerifyAsync(null, None);
        (found.Intact, found.Head).ShouldBe((true, head)); // the same entries, the same chain
        await log.AppendAsync(Samples.Event(ImageEventTypes.Received, Samples.Image()), None);
        (await log.VerifyAsync(head, None)).Intact.ShouldBeTrue();
        foreach (var sql in (string[])["UPDATE audit SET hash=NULL", "DELETE FROM audit"])
        {
            (await Should.ThrowAsync<Microsoft.Data.Sqlite.SqliteException>(() => migrated.WriteAsync(scope => scope.Session.Run(sql), Durability.Process, None)))
                .Message.ShouldContain("append-only");
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _database.DisposeAsync();
        _folder.Dispose();
    }

    // Of every kind: with and without trace, image, key and neither.
    private async Task FillAsync()
    {
        for (var i = 0; i < Entries; i++)
        {
            if (i % 3 == 2)
                await _log.AppendAsync(new AccessEvent(Guid.CreateVersion7(), AccessEventTypes.Denied, i == 2 ? Guid.CreateVersion7() : null, "x", Samples.Noon, null, new AccessEventData { Count = i }), None);
            else
                await _log.AppendAsync(Samples.Event(ImageEventTypes.Received, Samples.Image()) with { TraceParent = i == 4 ? Samples.Traced.TraceParent : null }, None);
        }
    }

    private Task<int> TamperAsync(string sql) => _database.WriteAsync(scope => scope.Session.Run($"{NoTriggers} {sql}"), Durability.Disk, None);

    private async Task BreaksAsync(AuditHead? earlier, params AuditBreak[] breaks)
    {
        var found = await _log.VerifyAsync(earlier, None);
        found.Breaks.ShouldBe(breaks);
        (found.BreakCount, found.Intact).ShouldBe((breaks.Length, breaks.Length == 0));
    }
}
