using Aspire.Hosting.ApplicationModel;
using ImageAspire.Tests.Hostile;

namespace ImageAspire.Tests.EndToEnd;

/// <summary>The whole system as real processes, where a test starts, stops or breaks it for itself.</summary>
[Collection(WholeSystem.Name)]
[Trait("Category", "Slow")]
public sealed class EndToEndTests : IDisposable
{
    /// <summary>The AppHost logs it when it restarts a crashed service.</summary>
    private const string Restart = "LogCrashed";

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    public static TheoryData<string, Dictionary<string, string>, string[]> InvalidSettings() => new()
    {
        { "worker", new() { ["Worker__Attempts"] = "0", ["Worker__Concurrency"] = "0", ["Imaging__Quality"] = "0" }, ["Worker:Attempts", "Worker:Concurrency", "Imaging:Quality"] },
        {
            "api", new() { ["Api__MaxImageBytes"] = "0", ["Api__CachedPages"] = "-1", ["Access__Keys__1__Name"] = "x", ["Access__Keys__1__Key"] = "short" },
            ["Api:MaxImageBytes", "Api:CachedPages", "Access:Keys:1:Key", "Access:Keys:1:Scopes"]
        },
        { "worker", new() { ["Worker__StageTimeLimit"] = "soon" }, ["Worker:StageTimeLimit"] },
        { "worker", new() { ["Backend"] = "Moon" }, ["'Moon'"] },
    };

    [Theory]
    [MemberData(nameof(InvalidSettings))]
    public async Task Start_WrongSettings_AreAllNamedAndTheServiceIsNotStartedAgain(string service, Dictionary<string, string> settings, string[] named)
    {
        await using var app = await RunningApp.LaunchAsync(_folder.Root, workers: 1, environment: settings);

        (await app.EndsAsync(service)).ShouldBe(1);

        // The AppHost repeats them, for whoever looks at its console only.
        await Eventually.TrueAsync(() => app.AppHostLog.Of("LogInvalidSettings").Any(record => named.All(record.GetStructuredStateValue("Lines")!.Contains)));
        app.AppHostLog.HasEvent(Restart).ShouldBeFalse();
        app.Lines.ShouldNotContain(line => line.Contains("   at ")); // no stack trace
        app.ProcessesOf(service).Count.ShouldBeLessThanOrEqualTo(1);
    }

    [Fact]
    public async Task Crashes_OneAfterTheOther_AreCountedAndBackOffAndAStoppedServiceStaysStopped()
    {
        await using var app = await RunningApp.StartAsync(_folder.Root, workers: 1);
        for (var kill = 1; kill <= 5; kill++)
        {
            Processes.Kill(app.ProcessesOf("worker")[^1]);
            await Eventually.TrueAsync(() => app.ProcessesOf("worker").Count == kill + 1);
        }

        await app.BecomesPropertyAsync("worker", "Restarts", 5);
        var restarts = app.AppHostLog.Of(Restart);
        restarts.ShouldAllBe(restart => restart.GetStructuredStateValue("Resource")!.StartsWith("worker"));
        restarts.Select(restart => restart.GetStructuredStateValue("Seconds")).ShouldBe(["0.5", "1", "2", "4", "8"]);

        await app.CommandAsync("api", KnownResourceCommands.StopCommand);
        await app.EndsAsync("api");
        app.ProcessesOf("api").ShouldAllBe(process => !Processes.IsAlive(process));
        app.AppHostLog.Of(Restart).Count.ShouldBe(restarts.Count);
        await app.CommandAsync("api", KnownResourceCommands.StartCommand);
        await app.AnalyzedAsync(await Eventually.ResultAsync(() => app.UploadAsync(TestImages.Jpeg(seed: 12))));
    }

    [Fact]
    public async Task Restart_WithABacklog_WorksItOff()
    {
        const int Count = 20;
        List<Guid> ids;
        await using (var without = await RunningApp.StartAsync(_folder.Root, workers: 0))
        {
            ids = await without.UploadManyAsync(Count);
            var api = without.ProcessesOf("api")[^1];
            await without.StopAsync();
            Processes.IsAlive(api).ShouldBeFalse();
        }

        // And once more in mid-work: a stop drains, the rest waits for the next start.
        await using (var interrupted = await RunningApp.StartAsync(_folder.Root, workers: 1))
        {
            await interrupted.AuditAsync("image.inspected", atLeast: 1);
            await interrupted.StopAsync();
        }

        await using var app = await RunningApp.StartAsync(_folder.Root, workers: 1);
        await app.AnalyzedAsync(ids);
        (await app.AuditAsync("image.analyzed", Count)).ShouldBe(ids, ignoreOrder: true);
    }
}
