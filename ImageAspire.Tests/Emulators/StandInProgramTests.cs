using System.Collections.Concurrent;
using ImageAspire.Tests.Requirements;
using MongoDB.Bson;
using MongoDB.Driver;

namespace ImageAspire.Tests.Emulators;

/// <summary>The program: its arguments, its end, and what is there after a kill.</summary>
[Trait("Category", "Slow")]
public sealed class StandInProgramTests : IDisposable
{
    private const int Writers = 8;
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("There is no option '--colour'.", "--colour", "red")]
    [InlineData("--data needs a value.", "--data")]
    [InlineData("--port takes a number up to 65535, not '70000'.", "--port", "70000")]
    public async Task WrongOption_IsNamed(string wrong, params string[] arguments) =>
        (await StandInProcess.RunAsync(arguments)).ShouldBe((2, "", $"{wrong} --help lists the options.{Environment.NewLine}"));

    [Fact]
    public async Task FolderOfAnotherProcess_IsRefused()
    {
        await using var first = await StandInProcess.StartAsync("--port", "0", "--data", _folder.Root);

        var (exitCode, output, error) = await StandInProcess.RunAsync("--port", "0", "--data", _folder.Root);

        (exitCode, output).ShouldBe((1, ""));
        error.ShouldContain(_folder.Root);
        error.TrimEnd().ShouldNotContain('\n');
    }

    [Fact]
    public async Task PortOfAnotherProcess_IsRefused()
    {
        await using var first = await StandInProcess.StartAsync("--port", "0");

        (await StandInProcess.RunAsync("--port", $"{first.Port}")).ExitCode.ShouldBe(1);
    }

    [Fact]
    public async Task Terminated_WithOpenConnections_EndsWithoutError()
    {
        Requires.Linux();
        await using var server = await StandInProcess.StartAsync("--port", "0", "--data", _folder.Root);
        using var client = server.Connect();
        await client.GetDatabase("a").GetCollection<BsonDocument>("b").InsertOneAsync([]);

        (await server.StopAsync().WaitAsync(TimeSpan.FromSeconds(30))).ShouldBe(0);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task KilledUnderWrites_NothingThatWasAnsweredIsLost(bool journaled)
    {
        var answered = new ConcurrentBag<int>();
        var next = 0;
        for (var round = 0; round < 3; round++)
        {
            await using var server = await StandInProcess.StartAsync("--port", "0", "--data", _folder.Root);
            using var client = server.Connect();
            var numbers = client.GetDatabase("a").GetCollection<BsonDocument>("numbers").WithWriteConcern(WriteConcern.W1.With(journal: journaled));
            var goal = answered.Count + 100;
            var writers = Enumerable.Range(0, Writers).Select(_ => Task.Run(() => WriteUntilGoneAsync(numbers))).ToList();
            await Eventually.TrueAsync(() => answered.Count >= goal || writers.TrueForAll(writer => writer.IsCompleted));
            await server.KillAsync();
            await Task.WhenAll(writers);
        }

        await using var last = await StandInProcess.StartAsync("--port", "0", "--data", _folder.Root);
        using var reader = last.Connect();
        var database = reader.GetDatabase("a");
        var there = await database.GetCollection<BsonDocument>("numbers").Find(new BsonDocument()).ToListAsync();
        var total = await database.GetCollection<BsonDocument>("numbers").CountDocumentsAsync(new BsonDocument());
        answered.Count.ShouldBeGreaterThanOrEqualTo(300);
        answered.Except(there.Select(one => one["_id"].AsInt32)).ShouldBeEmpty();
        total.ShouldBe(there.Count);

        async Task WriteUntilGoneAsync(IMongoCollection<BsonDocument> numbers)
        {
            try
            {
                while (true)
                {
                    var number = Interlocked.Increment(ref next);
                    await numbers.InsertOneAsync(new BsonDocument { { "_id", number }, { "text", new string('x', 500) } });
                    answered.Add(number);
                }
            }
            catch (Exception error) when (error is MongoConnectionException or TimeoutException)
            {
                // Killed.
            }
        }
    }
}
