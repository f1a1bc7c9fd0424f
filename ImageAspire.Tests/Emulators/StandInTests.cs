using System.Collections.Concurrent;
using ImageAspire.Emulators;
using Microsoft.Extensions.Time.Testing;
using MongoDB.Bson;
using MongoDB.Driver;

namespace ImageAspire.Tests.Emulators;

/// <summary>What is the stand-in's own: its name, its limits, and writers at the same time.</summary>
public sealed class StandInTests : IAsyncLifetime
{
    private readonly FakeTimeProvider _time = new(Samples.Noon);
    private MongoStandIn _server = null!;
    private MongoClient _client = null!;

    private IMongoCollection<BsonDocument> Things => _client.GetDatabase("a").GetCollection<BsonDocument>("things");

    public async ValueTask InitializeAsync()
    {
        _server = await MongoStandIn.StartAsync(new MongoStandInOptions { Time = _time, MaxConnections = 40 });
        _client = new MongoClient(_server.ConnectionString);
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _server.DisposeAsync();
    }

    [Theory]
    [InlineData("hello")]
    [InlineData("buildInfo")]
    public async Task Asked_SaysThatItIsNotMongoDb(string command) =>
        (await _client.GetDatabase("admin").RunCommandAsync<BsonDocument>(new BsonDocument(command, 1)))["standIn"].AsString.ShouldContain("not MongoDB");

    [Theory]
    [InlineData("isMaster", 1.0)]
    [InlineData("ismaster", 1.0)]
    [InlineData("insert", 0.0)]
    public async Task LegacyQuery_AnswersHelloOnly(string command, double ok)
    {
        var answer = (await RawMongo.SendAsync(_server.Port, RawMongo.Query("admin.$cmd", new BsonDocument(command, 1)))).ShouldNotBeNull();

        answer["ok"].AsDouble.ShouldBe(ok);
        answer.GetValue("code", 0).ToInt32().ShouldBe(ok == 1 ? 0 : 352);
    }

    public static TheoryData<byte[]> Hostile =>
    [
        RawMongo.Header(16, 2013, claimed: 48_000_001), RawMongo.Header(16, 2013, claimed: -1), RawMongo.Header(16, 2013), RawMongo.Header(40, 2012), RawMongo.Header(40, 2013),
        RawMongo.Header(40, 2004), "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"u8.ToArray(), RawMongo.Message(new BsonDocument("ping", 1), flags: 4), RawMongo.Message(new BsonDocument("ping", 1)).SkipLast(1).Append((byte)7).ToArray(),
    ];

    [Theory]
    [MemberData(nameof(Hostile))]
    public async Task NoMessage_EndsTheConnectionAlone(byte[] bytes)
    {
        (await RawMongo.SendAsync(_server.Port, bytes)).ShouldBeNull();

        (await Things.CountDocumentsAsync(new BsonDocument())).ShouldBe(0);
    }

    [Fact]
    public async Task MoreConnectionsThanAllowed_AreClosed()
    {
        var server = await MongoStandIn.StartAsync(new MongoStandInOptions { MaxConnections = 1 });
        await using var _ = server;
        using var first = new System.Net.Sockets.TcpClient("127.0.0.1", server.Port);
        var ping = RawMongo.Message(new BsonDocument { { "ping", 1 }, { "$db", "admin" } });
        await first.GetStream().WriteAsync(ping);
        (await first.GetStream().ReadAsync(new byte[1])).ShouldBe(1);

        (await RawMongo.SendAsync(server.Port, ping)).ShouldBeNull();

        first.Close();
        await Eventually.TrueAsync(async () => await RawMongo.SendAsync(server.Port, ping) is not null);
    }

    [Fact]
    public async Task Document_LargerThan16Mebibytes_IsRefused()
    {
        var answer = await RawMongo.SendAsync(_client.GetDatabase("a"), new BsonDocument
        {
            { "insert", "things" }, { "documents", new BsonArray { new BsonDocument("text", new string('x', 16 * 1024 * 1024)) } },
        });

        answer["writeErrors"][0]["code"].AsInt32.ShouldBe(10334);
        (await Things.CountDocumentsAsync(new BsonDocument())).ShouldBe(0);
    }

    [Fact]
    public async Task Cursors_MoreThanAllowed_TheOldestIsClosed()
    {
        await Things.InsertManyAsync(Enumerable.Range(0, 3).Select(i => new BsonDocument("_id", i)));
        using var oldest = await Things.Find(new BsonDocument(), new FindOptions { BatchSize = 1 }).ToCursorAsync();
        await oldest.MoveNextAsync();
        for (var i = 0; i < 1_000; i++)
        {
            _time.Advance(TimeSpan.FromMilliseconds(1));
            await _client.GetDatabase("a").RunCommandAsync<BsonDocument>(BsonDocument.Parse("{find:'things',batchSize:1}"));
        }

        await Should.ThrowAsync<MongoCursorNotFoundException>(() => oldest.MoveNextAsync());
    }

    [Fact]
    public async Task Documents_WhoseTimeHasCome_AreRemoved()
    {
        await Things.Indexes.CreateOneAsync(new CreateIndexModel<BsonDocument>(new BsonDocument("until", 1), new CreateIndexOptions { Name = "until", ExpireAfter = TimeSpan.FromSeconds(10) }));
        var now = _time.GetUtcNow().UtcDateTime;
        BsonValue[] times = [now, now.AddSeconds(60), "never", new BsonArray { now.AddDays(1), now }, new BsonArray(), BsonNull.Value];
        await Things.InsertManyAsync([.. times.Select((time, i) => new BsonDocument { { "_id", i }, { "until", time } }), new BsonDocument("_id", 6)]);

        _time.Advance(TimeSpan.FromSeconds(61));

        await Eventually.TrueAsync(async () => await Things.CountDocumentsAsync(new BsonDocument()) < 7);
        (await Things.Find(new BsonDocument()).ToListAsync()).Select(one => one["_id"].AsInt32).ShouldBe([1, 2, 4, 5, 6]);
    }

    [Fact]
    public async Task FindAndModify_AtTheSameTime_EachTakesAnother()
    {
        await Things.InsertManyAsync(Enumerable.Range(0, 200).Select(i => new BsonDocument { { "_id", i }, { "due", i } }));
        var taken = new ConcurrentBag<int>();

        await Parallel.ForEachAsync(Enumerable.Range(0, 8), async (_, cancellationToken) =>
        {
            var options = new FindOneAndUpdateOptions<BsonDocument> { Sort = new BsonDocument("due", 1) };
            while (await Things.FindOneAndUpdateAsync(BsonDocument.Parse("{due:{$gte:0}}"), BsonDocument.Parse("{$set:{due:-1}}"), options, cancellationToken) is { } one)
                taken.Add(one["_id"].AsInt32);
        });

        taken.Order().ShouldBe(Enumerable.Range(0, 200));
    }

    [Fact]
    public async Task Increments_AtTheSameTime_AllCount()
    {
        await Parallel.ForEachAsync(Enumerable.Range(0, 400), async (_, cancellationToken) =>
            await Things.UpdateOneAsync(new BsonDocument("_id", 1), BsonDocument.Parse("{$inc:{n:1}}"), new UpdateOptions { IsUpsert = true }, cancellationToken));

        (await Things.Find(new BsonDocument()).SingleAsync())["n"].AsInt32.ShouldBe(400);
    }

    [Fact]
    public async Task Standalone_NumberedWrite_IsRefused()
    {
        var answer = await RawMongo.SendAsync(_client.GetDatabase("a"), new BsonDocument
        {
            { "insert", "things" }, { "documents", new BsonArray { new BsonDocument() } }, { "txnNumber", 1L },
            { "lsid", new BsonDocument("id", new BsonBinaryData(Guid.NewGuid(), GuidRepresentation.Standard)) },
        });

        answer["code"].AsInt32.ShouldBe(20);
    }
}
