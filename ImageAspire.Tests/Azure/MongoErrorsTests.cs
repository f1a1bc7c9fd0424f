using System.Net;
using System.Net.Sockets;
using ImageAspire.Azure;
using ImageAspire.Azure.Audit;
using ImageAspire.Azure.Catalog;
using ImageAspire.Azure.Mongo;
using ImageAspire.Azure.Reports;
using ImageAspire.Core.Errors;
using ImageAspire.Core.Heartbeats;
using ImageAspire.Core.Paging;
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

    public static TheoryData<Exception, string> Causes => new()
    {
        { new MongoAuthenticationException(Connection, "wrong password"), FaultCauses.DependencyRefused },
        { new MongoCommandException(Connection, "who?", [], Answer(13)), FaultCauses.DependencyRefused },
        { new MongoExecutionTimeoutException(Connection, "maxTimeMS"), FaultCauses.DependencySlow },
        { new MongoCommandException(Connection, "too long", [], Answer(262)), FaultCauses.DependencySlow },
        { new MongoCommandException(Connection, "disk", [], Answer(14031)), FaultCauses.DependencyFailed },
        { new MongoCommandException(Connection, "throttled", [], Answer(16500)), FaultCauses.DependencyFailed },
        { new MongoNotPrimaryException(Connection, [], Answer(10107)), FaultCauses.DependencyFailed },
        { new MongoWriteConcernException(Connection, "not on a majority", new WriteConcernResult([])), FaultCauses.DependencyFailed },
        { new MongoConnectionException(Connection, "closed", new SocketException((int)SocketError.ConnectionRefused)), FaultCauses.DependencyAway },
        { new MongoConnectionException(Connection, "closed", new TimeoutException("no answer")), FaultCauses.DependencySlow },
    };

    [Theory]
    [MemberData(nameof(Causes))]
    public async Task Error_OfTheServer_HasItsCause(Exception error, string cause) =>
        (await Should.ThrowAsync<StoreUnavailableException>(() => MongoErrors.TranslateAsync<int>(() => throw error))).Fault.ShouldBe(new Fault(cause, DependencyNames.Documents));

    [Fact]
    public async Task Server_NotThereOrSilent_IsTold()
    {
        using var silent = new TcpListener(IPAddress.Loopback, 0); // it accepts connections, and never answers
        silent.Start();

        (await CauseAsync("127.0.0.1:1")).ShouldBe(FaultCauses.DependencyAway);
        (await CauseAsync(silent.LocalEndpoint.ToString()!)).ShouldBe(FaultCauses.DependencySlow);

        static async Task<string> CauseAsync(string server)
        {
            using var client = new MongoClient($"mongodb://{server}/?serverSelectionTimeoutMS=1500&connectTimeoutMS=300");
            var catalog = new MongoImageCatalog(client.GetDatabase("none"), new OutboxQueue(), TimeProvider.System);
            return (await Should.ThrowAsync<StoreUnavailableException>(() => catalog.GetAsync(Guid.Empty, CancellationToken.None))).Fault.Cause;
        }
    }

    [Theory]
    [MemberData(nameof(OfOurs))]
    public void Error_OfOurs_StaysWhatItIs(Exception error) => MongoErrors.IsOfServer(error).ShouldBeFalse();

    [Fact]
    public async Task Server_NotThere_EveryCallSaysSo()
    {
        using var client = new MongoClient("mongodb://127.0.0.1:1/?serverSelectionTimeoutMS=200"); // nothing listens on port 1
        var database = client.GetDatabase("none");
        var catalog = new MongoImageCatalog(database, new OutboxQueue(), TimeProvider.System);
        Func<Task>[] calls =
        [
            () => catalog.GetAsync(Guid.Empty, CancellationToken.None), () => catalog.QueryAsync(new ImageQuery(), CancellationToken.None),
            () => catalog.CommitAsync([Samples.Image().Insert()], CancellationToken.None), () => catalog.CountAsync(Facet.Tag, 1, CancellationToken.None),
            () => new MongoIndexes(database).StartAsync(CancellationToken.None), () => new Outbox(database).RemoveTombstonesAsync(Samples.Noon, CancellationToken.None),
            () => new MongoAuditLog(database, TimeProvider.System).QueryAsync(new AuditQuery(), CancellationToken.None),
            () => new MongoReportStore(database, TimeProvider.System).ApplyAsync(Samples.Event("x", Samples.Image()), CancellationToken.None),
        ];
        await Task.WhenAll(calls.Select(call => Should.ThrowAsync<StoreUnavailableException>(call)));
    }

    private static BsonDocument Answer(int code) => new() { { "ok", 0 }, { "code", code } };
}
