using System.Net;
using ImageAspire.Azure.Catalog;
using ImageAspire.Core.Ports;
using MongoDB.Bson;
using MongoDB.Driver;
using MongoDB.Driver.Core.Clusters;
using MongoDB.Driver.Core.Connections;
using MongoDB.Driver.Core.Servers;

namespace ImageAspire.Tests.Azure;

/// <summary>The driver's errors as the ports say them; no server.</summary>
public sealed class MongoErrorsTests
{
    private static readonly ConnectionId Connection = new(new ServerId(new ClusterId(), new DnsEndPoint("localhost", 27017)));

    public static TheoryData<Exception> OfTheServer =>
    [
        new TimeoutException("no server"), new MongoConnectionException(Connection, "closed"),
        new MongoAuthenticationException(Connection, "wrong password"), new MongoExecutionTimeoutException(Connection, "maxTimeMS"),
        new MongoNotPrimaryException(Connection, [], Answer(10107)), new MongoNodeIsRecoveringException(Connection, [], Answer(11600)),
        new MongoCommandException(Connection, "disk", [], Answer(14031)), new MongoCommandException(Connection, "who?", [], Answer(13)),
        new MongoWriteConcernException(Connection, "not on a majority", new WriteConcernResult([])),
    ];

    public static TheoryData<Exception> OfOurs =>
    [
        new MongoCommandException(Connection, "bad", [], Answer(9)), new OperationCanceledException(), new FormatException(), new InvalidCursorException(),
    ];

    [Theory]
    [MemberData(nameof(OfTheServer))]
    public async Task Error_OfTheServer_MayPass(Exception error) =>
        (await Should.ThrowAsync<StoreUnavailableException>(() => MongoErrors.TranslateAsync<int>(() => throw error))).InnerException.ShouldBeSameAs(error);

    [Theory]
    [MemberData(nameof(OfOurs))]
    public void Error_OfOurs_StaysWhatItIs(Exception error) => MongoErrors.IsOfServer(error).ShouldBeFalse();

    private static BsonDocument Answer(int code) => new() { { "ok", 0 }, { "code", code } };
}
