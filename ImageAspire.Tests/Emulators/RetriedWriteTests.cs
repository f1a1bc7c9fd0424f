using ImageAspire.Emulators;
using MongoDB.Bson;
using MongoDB.Driver;

namespace ImageAspire.Tests.Emulators;

/// <summary>Writes that a driver sends again with the same number (the specification "Retryable Writes"), statement by statement.</summary>
public sealed class RetriedWriteTests : IAsyncLifetime
{
    private readonly BsonDocument _session = new("id", new BsonBinaryData(Guid.NewGuid(), GuidRepresentation.Standard));
    private MongoStandIn _server = null!;
    private MongoClient _client = null!;

    private IMongoDatabase Database => _client.GetDatabase("a");

    public async ValueTask InitializeAsync()
    {
        _server = await MongoStandIn.StartAsync(new MongoStandInOptions { ReplicaSet = "r" });
        _client = new MongoClient(_server.ConnectionString);
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _server.DisposeAsync();
    }

    [Theory]
    [InlineData("{insert:'x',documents:[{_id:9},{_id:8}]}", "{n:2}")]
    [InlineData("{update:'x',updates:[{q:{_id:1},u:{$inc:{n:1}}},{q:{_id:2},u:{$push:{a:1}}}]}", "{n:2,nModified:2}")]
    [InlineData("{update:'x',updates:[{q:{_id:5},u:{$inc:{n:1}},upsert:true}]}", "{n:1,nModified:0,upserted:[{index:0,_id:5}]}")]
    [InlineData("{delete:'x',deletes:[{q:{n:0},limit:1}]}", "{n:1}")]
    [InlineData("{findAndModify:'x',query:{n:0},update:{$inc:{n:1}}}", "{lastErrorObject:{n:1,updatedExisting:true},value:{_id:1,n:0}}")]
    [InlineData("{findAndModify:'x',query:{n:0},update:{$inc:{n:1}},new:true,fields:{n:1}}", "{lastErrorObject:{n:1,updatedExisting:true},value:{_id:1,n:1}}")]
    [InlineData("{findAndModify:'x',query:{n:0},remove:true}", "{lastErrorObject:{n:1},value:{_id:1,n:0}}")]
    [InlineData("{findAndModify:'x',query:{_id:6},update:{$inc:{n:1}},upsert:true,new:true}", "{lastErrorObject:{n:1,updatedExisting:false,upserted:6},value:{_id:6,n:1}}")]
    public async Task SameNumber_IsAnsweredAgainAndNotDoneAgain(string command, string expected)
    {
        await Database.GetCollection<BsonDocument>("x").InsertManyAsync([BsonDocument.Parse("{_id:1,n:0}"), BsonDocument.Parse("{_id:2,n:0}"), BsonDocument.Parse("{_id:3,n:0}")]);

        var first = await SendAsync(command, 1);
        var state = await StateAsync();
        var second = await SendAsync(command, 1);

        Essence(first).ShouldBe(BsonDocument.Parse(expected));
        Essence(second).ShouldBe(BsonDocument.Parse(expected));
        second.Contains("retriedStmtIds").ShouldBeTrue();
        (await StateAsync()).ShouldBe(state);
    }

    [Fact]
    public async Task SomeStatementsWereDone_TheOthersAreDoneNow()
    {
        await SendAsync("{insert:'x',documents:[{_id:1}],ordered:false}", 1);

        var again = await SendAsync("{insert:'x',documents:[{_id:1},{_id:2}],ordered:false}", 1);

        (again["n"].AsInt32, again["retriedStmtIds"].ToString()).ShouldBe((2, "[0]"));
        (await StateAsync()).ShouldBe("""[{ "_id" : 1 }, { "_id" : 2 }]""");
    }

    [Fact]
    public async Task RefusedStatement_IsTriedAgain()
    {
        await SendAsync("{insert:'x',documents:[{_id:1}]}", 1);
        (await SendAsync("{insert:'x',documents:[{_id:1}]}", 2))["writeErrors"][0]["code"].AsInt32.ShouldBe(11000);
        await Database.GetCollection<BsonDocument>("x").DeleteOneAsync(new BsonDocument());

        (await SendAsync("{insert:'x',documents:[{_id:1}]}", 2))["n"].AsInt32.ShouldBe(1);
    }

    [Fact]
    public async Task OlderNumber_IsRefused()
    {
        await SendAsync("{insert:'x',documents:[{}]}", 2);

        (await SendAsync("{insert:'x',documents:[{}]}", 1))["code"].AsInt32.ShouldBe(225);
    }

    private Task<BsonDocument> SendAsync(string command, long number) =>
        RawMongo.SendAsync(Database, BsonDocument.Parse(command).AddRange(new BsonDocument { { "lsid", _session }, { "txnNumber", number } }));

    private static BsonDocument Essence(BsonDocument answer) => new(answer.Where(one => one.Name is not ("ok" or "retriedStmtIds")));

    private async Task<string> StateAsync() => new BsonArray(await Database.GetCollection<BsonDocument>("x").Find(new BsonDocument()).ToListAsync()).ToString();
}
