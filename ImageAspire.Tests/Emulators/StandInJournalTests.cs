using ImageAspire.Emulators;
using MongoDB.Bson;
using MongoDB.Driver;

namespace ImageAspire.Tests.Emulators;

/// <summary>What a data folder keeps.</summary>
public sealed class StandInJournalTests : IDisposable
{
    private readonly TempFolder _folder = new();

    private string Journal => Path.Combine(_folder.Root, "journal");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Restarted_EverythingIsThere()
    {
        await RunAsync(async database =>
        {
            var one = database.GetCollection<BsonDocument>("one");
            await one.Indexes.CreateOneAsync(new CreateIndexModel<BsonDocument>(new BsonDocument("k", 1), new CreateIndexOptions { Name = "k", Unique = true }));
            await one.InsertManyAsync(Enumerable.Range(1, 5).Select(i => new BsonDocument { { "_id", i }, { "k", i } }));
            await one.UpdateOneAsync(new BsonDocument("_id", 2), BsonDocument.Parse("{$set:{k:NumberLong(20)}}"));
            await one.DeleteOneAsync(new BsonDocument("_id", 3));
            await database.GetCollection<BsonDocument>("gone").InsertOneAsync([]);
            await database.DropCollectionAsync("gone");
        });

        await RunAsync(async database =>
        {
            var one = database.GetCollection<BsonDocument>("one");
            (await one.Find(new BsonDocument()).ToListAsync()).Select(document => document.ToJson()).ShouldBe(
                ["""{ "_id" : 1, "k" : 1 }""", """{ "_id" : 2, "k" : 20 }""", """{ "_id" : 4, "k" : 4 }""", """{ "_id" : 5, "k" : 5 }"""]);
            (await one.Find(new BsonDocument("_id", 2)).SingleAsync())["k"].BsonType.ShouldBe(BsonType.Int64);
            await Should.ThrowAsync<MongoWriteException>(() => one.InsertOneAsync(new BsonDocument("k", 20)));
            await one.InsertOneAsync(new BsonDocument("k", 2));
            (await (await database.ListCollectionNamesAsync()).ToListAsync()).ShouldBe(["one"]);
        });
    }

    [Fact]
    public async Task Restarted_JournalHasTheCurrentDocumentsAlone()
    {
        await RunAsync(async database =>
        {
            var one = database.GetCollection<BsonDocument>("one");
            await one.InsertOneAsync(new BsonDocument("_id", 1));
            for (var i = 0; i < 100; i++)
                await one.UpdateOneAsync(new BsonDocument(), new BsonDocument("$set", new BsonDocument("text", new string('x', 1_000 + i))));
        });
        var before = new FileInfo(Journal).Length;

        await RunAsync(_ => Task.CompletedTask);

        before.ShouldBeGreaterThan(100_000);
        new FileInfo(Journal).Length.ShouldBeLessThan(2_000);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(40)]
    public async Task LastRecordIsIncomplete_EarlierOnesAreThere(int missing)
    {
        await RunAsync(database => database.GetCollection<BsonDocument>("one").InsertManyAsync([new BsonDocument("_id", 1), new BsonDocument("_id", 2)]));
        using (var journal = File.OpenWrite(Journal))
            journal.SetLength(journal.Length - missing);

        await RunAsync(async database =>
        {
            var one = database.GetCollection<BsonDocument>("one");
            (await one.Find(new BsonDocument()).SingleAsync())["_id"].ShouldBe(1);
            await one.InsertOneAsync(new BsonDocument("_id", 3));
        });
        await RunAsync(async database => (await database.GetCollection<BsonDocument>("one").CountDocumentsAsync(new BsonDocument())).ShouldBe(2));
    }

    [Fact]
    public async Task WriteSentAgainAfterARestart_IsNotDoneTwice()
    {
        var session = new BsonDocument("id", new BsonBinaryData(Guid.NewGuid(), GuidRepresentation.Standard));
        var update = new BsonDocument
        {
            { "update", "one" }, { "updates", new BsonArray { BsonDocument.Parse("{q:{_id:1},u:{$inc:{n:1}}}") } }, { "lsid", session }, { "txnNumber", 1L },
        };
        for (var i = 0; i < 3; i++)
        {
            await RunAsync(async database =>
            {
                if (i == 0)
                    await database.GetCollection<BsonDocument>("one").InsertOneAsync(BsonDocument.Parse("{_id:1,n:0}"));
                var answer = await RawMongo.SendAsync(database, update);
                (answer["n"].AsInt32, answer["nModified"].AsInt32, answer.Contains("retriedStmtIds")).ShouldBe((1, 1, i > 0));
                (await database.GetCollection<BsonDocument>("one").Find(new BsonDocument()).SingleAsync())["n"].AsInt32.ShouldBe(1);
            });
        }
    }

    private async Task RunAsync(Func<IMongoDatabase, Task> use)
    {
        await using var server = await MongoStandIn.StartAsync(new MongoStandInOptions { DataFolder = _folder.Root, ReplicaSet = "r" });
        using var client = new MongoClient(server.ConnectionString);
        await use(client.GetDatabase("a"));
    }
}
