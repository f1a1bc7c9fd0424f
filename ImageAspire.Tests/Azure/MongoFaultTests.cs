using ImageAspire.Azure;
using ImageAspire.Core.Errors;
using ImageAspire.Emulators;
using ImageAspire.Emulators.Faults;
using MongoDB.Driver;

namespace ImageAspire.Tests.Azure;

/// <summary>A server that refuses, hangs or goes away: every adapter says so, as the ports document it.</summary>
public sealed class MongoFaultTests : IAsyncLifetime
{
    private static readonly string[] All = ["insert", "update", "delete", "find", "aggregate", "findAndModify"];

    private MongoStandIn _server = null!;
    private MongoClient _client = null!;

    // As MongoErrors lists them.
    public static TheoryData<int> Transient => [6, 7, 9001, 50, 262, 89, 91, 11600, 11602, 189, 10107, 13435, 13436, 14031, 13, 16500];

    private IMongoDatabase Database => _client.GetDatabase("a");

    public async ValueTask InitializeAsync()
    {
        _server = await MongoStandIn.StartAsync();
        _client = new MongoClient(_server.ConnectionString + "&serverSelectionTimeoutMS=1000");
        await new MongoIndexes(Database).StartAsync(CancellationToken.None);
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _server.DisposeAsync();
    }

    [Theory]
    [InlineData(16500)] // throttled
    [InlineData(50)] // too slow
    public async Task ServerRefuses_EveryCallSaysUnavailable(int code)
    {
        _server.Faults.Add(new MongoFault { Commands = All, Times = int.MaxValue, ErrorCode = code });

        await ShouldBeUnavailableAsync(MongoCalls.Of(Database));
    }

    [Fact]
    public async Task StatementsAreThrottled_EveryWriteSaysUnavailable()
    {
        _server.Faults.Add(new MongoFault { Commands = ["insert", "update", "delete"], Times = int.MaxValue, StatementErrorCode = 16500 });

        var writes = MongoCalls.Of(Database).Where(call => call.Name is "insert" or "change" or "delete" or "outbox.remove" or "outbox.tombstones" or "audit.append" or "audit.append access" or "reports.apply"
            or "webhooks.add" or "webhooks.replace" or "webhooks.delete" or "deliveries.enqueue" or "deliveries.record" or "deliveries.requeue" or "keys.replace" or "keys.add" or "keys.touch"
            or "tokens.spend" or "jobs.save" or "jobs.save again" or "scrub.save" or "findings.add" or "findings.update" or "findings.remove" or "pauses.set" or "pauses.unset").ToList();
        writes.Count.ShouldBe(26);
        await ShouldBeUnavailableAsync(writes);
    }

    [Fact]
    public async Task WritesAreNotConfirmed_EveryDurableWriteSaysUnavailable()
    {
        _server.Faults.Add(new MongoFault { Commands = ["insert", "update", "delete", "findAndModify"], Times = int.MaxValue, WriteConcernErrorCode = 64 });

        var writes = MongoCalls.Of(Database).Where(call => call.Name is "insert" or "change" or "delete" or "audit.append" or "audit.append access" or "reports.apply"
            or "webhooks.add" or "webhooks.replace" or "webhooks.delete" or "deliveries.enqueue" or "deliveries.claim" or "deliveries.record" or "deliveries.requeue" or "keys.add" or "keys.replace"
            or "tokens.spend" or "jobs.save" or "jobs.save again" or "scrub.save" or "findings.add" or "findings.update" or "findings.remove").ToList();
        writes.Count.ShouldBe(22);
        await ShouldBeUnavailableAsync(writes);
    }

    [Theory]
    [MemberData(nameof(Transient))]
    public async Task ServerRefusesForNow_SaysUnavailable(int code)
    {
        _server.Faults.Add(new MongoFault { Commands = All, Times = int.MaxValue, ErrorCode = code });

        await ShouldBeUnavailableAsync([.. MongoCalls.Of(Database).Where(call => call.Name is "get" or "insert")]);
    }

    [Fact]
    public async Task ServerHangs_CallsCanBeCancelled()
    {
        _server.Faults.Add(new MongoFault { Commands = ["insert"], Hangs = true });
        using var patience = new CancellationTokenSource();
        var call = Database.GetCollection<MongoDB.Bson.BsonDocument>("x").InsertOneAsync([], options: null, patience.Token);
        await Eventually.TrueAsync(() => _server.Faults.Left == 0); // it has come, and hangs

        await patience.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(() => call);
    }

    [Fact]
    public async Task ServerHangs_SocketTimeLimit_SaysUnavailable()
    {
        using var client = new MongoClient(_server.ConnectionString + "&socketTimeoutMS=200");
        _server.Faults.Add(new MongoFault { Commands = All, Times = int.MaxValue, Hangs = true });

        await ShouldBeUnavailableAsync([.. MongoCalls.Of(client.GetDatabase("a")).Where(call => call.Name is "get" or "insert" or "deliveries.claim" or "audit.append")]);
    }

    [Fact]
    public async Task ServerHasGone_EveryCallSaysUnavailable()
    {
        await _server.DisposeAsync(); // and once more at the end of the test

        await ShouldBeUnavailableAsync(MongoCalls.Of(Database));
    }

    [Fact]
    public async Task ServerIsBack_CallsSucceed()
    {
        var port = _server.Port;
        await _server.DisposeAsync();
        await ShouldBeUnavailableAsync([.. MongoCalls.Of(Database).Where(call => call.Name == "get")]);

        _server = await MongoStandIn.StartAsync(new MongoStandInOptions { Port = port });

        foreach (var (_, run) in MongoCalls.Of(Database))
            await run();
    }

    private static async Task ShouldBeUnavailableAsync(IReadOnlyList<(string Name, Func<Task> Run)> calls)
    {
        var wrong = await Task.WhenAll(calls.Select(async call =>
        {
            try
            {
                await call.Run();
                return $"{call.Name}: no error";
            }
            catch (StoreUnavailableException)
            {
                return null;
            }
            catch (Exception error)
            {
                return $"{call.Name}: {error.GetType().Name} {error.Message}";
            }
        }));
        wrong.OfType<string>().ShouldBeEmpty();
    }
}
