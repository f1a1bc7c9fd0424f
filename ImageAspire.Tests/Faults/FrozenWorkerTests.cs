using ImageAspire.Core.Failpoints;

#if FAILPOINTS
using ImageAspire.Tests.EndToEnd;
using ImageAspire.Tests.Faults.Crashes;

namespace ImageAspire.Tests.Faults;

/// <summary>A Worker is suspended (SIGSTOP) at an exact place, for longer than its lock lasts, and resumes when another Worker has done its work.</summary>
[Collection(WholeSystem.Name)]
[Trait("Category", "Slow")]
public sealed class FrozenWorkerTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(FailpointNames.InspectBeforeCommit)] // everything is measured, and the record knows nothing of it
    [InlineData(FailpointNames.AnalyzeAnswered)] // the analyser has answered, and the record knows nothing of it
    [InlineData("analyze-image.done")] // the record is written, and the message is not settled
    [InlineData("record-audit.done")]
    [InlineData("update-reports.done")]
    public async Task Frozen_PastItsLock_ItsWorkCountsOnceAndItsLateSettlementChangesNothing(string where)
    {
        using var system = new CrashSystem(CrashRunFixture.Options(_folder.Root) with { LockDuration = TimeSpan.FromMilliseconds(500) });
        var (reader, oracle) = (new ApiReader(system.Http), new TestOracle(10));
        using var api = system.StartApi();
        (await system.AnswersAsync(api, CancellationToken.None)).ShouldBeTrue(string.Join('\n', api.Lines));
        using var frozen = system.StartWorker($"{where}=stop@1", new() { ["Worker__Concurrency"] = "1" });
        await UploadAsync(system, oracle);
        await Eventually.TrueAsync(() => frozen.Lines.Any(line => line == $"failpoint {where}: stop"));

        using (var other = system.StartWorker())
        {
            await IsDoneAsync(reader);
            other.Kill();
            await other.ExitAsync(TimeSpan.FromSeconds(60), CancellationToken.None);
        }

        frozen.Thaw();
        await UploadAsync(system, oracle); // it handles one message of a stage at a time, so it has settled the first one before this one's

        await IsDoneAsync(reader);
        var (records, audit) = (await reader.ImagesAsync(), await reader.AuditAsync());
        records.Select(record => (record.Status, record.Version)).ShouldBe([("analyzed", 3), ("analyzed", 3)]);
        AuditCheck.Violations(audit, records).ShouldBeEmpty();
        audit.Count.ShouldBe(6);
        AuditCheck.Total(await reader.ReportsAsync()).ShouldBe(AuditCheck.Total(audit));
        frozen.HasExited.ShouldBeFalse(string.Join('\n', frozen.Lines));
    }

    private static Task IsDoneAsync(ApiReader reader) => Eventually.TrueAsync(async () =>
        (await reader.ImagesAsync()).TrueForAll(record => record.Status == "analyzed") && await reader.DepthAsync() is (0, 0));

    private static async Task UploadAsync(CrashSystem system, TestOracle oracle)
    {
        var image = oracle.Make(TrackedImageKind.Kept)!;
        await new CrashClient(new CrashCalls(system.Http, oracle), oracle, new SharedImages(new TestOracle(0)), new Random(0), TimeSpan.Zero).UploadAsync(image);
        image.MustExist.ShouldBeTrue();
    }
}
#endif
