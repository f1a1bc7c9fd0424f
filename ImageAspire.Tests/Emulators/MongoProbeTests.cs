using ImageAspire.Tests.Azure;

namespace ImageAspire.Tests.Emulators;

/// <summary>The questions of <see cref="MongoProbes"/> to the server of this run: the stand-in, or the real one that IMAGEASPIRE_TEST_MONGO names.</summary>
public sealed class MongoProbeTests
{
    public static TheoryData<string> Names => [.. MongoProbes.All.Select(one => one.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Server_Asked_AnswersAsMongoDb(string name)
    {
        var probe = MongoProbes.All.Single(one => one.Name == name);
        var database = await MongoTestServer.Standalone.CreateDatabaseAsync();
        try
        {
            probe.Run(database).ShouldBe(probe.Answer);
        }
        finally
        {
            await database.Client.DropDatabaseAsync(database.DatabaseNamespace.DatabaseName);
        }
    }

    [Fact]
    public void Probes_HaveNamesOfTheirOwn() => MongoProbes.All.Select(one => one.Name).ShouldBeUnique();
}
