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
    [InlineData(FailpointNames.InspectBeforeCommit, 1)] // everything is measured, and the record knows nothing of it
    [InlineData("analyze-image.done", 1)] // the record is written, and the message is not settled
    [InlineData("record-audit.done", 3)] // the entry is written, and two more messages wait
    public async Task Frozen_PastItsLock_ItsWorkCountsOnceAndItsLateSettlementChangesNothing(string where, int waiting)
    {
        using var system = new CrashSystem(CrashRunFixture.Options(_folder.Root) with { LockDuration = TimeSpan.FromMilliseconds(500) });
        var (reader, oracle) = (new ApiReader(system.Http), new TestOracle(100));
        using var api = system.StartApi();
        (await system.AnswersAsync(api, CancellationToken.None)).ShouldBeTrue(string.Join('\n', api.Lines));
        using var frozen = await FreezeAsync(system, reader, oracle, where, waiting);

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
        records.ShouldAllBe(record => record.Status == "analyzed" && record.Version == 3);
        AuditCheck.Violations(audit, records).ShouldBeEmpty();
        audit.Count.ShouldBe(3 * records.Count);
        AuditCheck.Total(await reader.ReportsAsync()).ShouldBe(AuditCheck.Total(audit));
        frozen.HasExited.ShouldBeFalse(string.Join('\n', frozen.Lines));
    }

    // SIGSTOP stops all threads of a process. It comes when the message at the place is the only work: a thread that writes would stop the store with it.
    private static async Task<ChildService> FreezeAsync(CrashSystem system, ApiReader reader, TestOracle oracle, string where, int waiting)
    {
        while (true)
        {
            var worker = system.StartWorker($"{where}=tell,{where}=delay:3000@1", new() { ["Worker__Concurrency"] = "1" });
            await UploadAsync(system, oracle);
            await Eventually.TrueAsync(async () => worker.Lines.Contains($"failpoint {where}: tell") && (await reader.DepthAsync()).Waiting is var now
                && (now == 0 || now == waiting && (waiting == 1 || await IsAnalyzedAsync(reader))));
            worker.Freeze();
            if ((await reader.DepthAsync()).Waiting == waiting)
                return worker;
            // Too late, on a machine with much else to do: the delay was over.
            worker.Thaw();
            await IsDoneAsync(reader);
            worker.Dispose();
        }
    }

    private static async Task<bool> IsAnalyzedAsync(ApiReader reader) => (await reader.ImagesAsync()).TrueForAll(record => record.Status == "analyzed");

    private static Task IsDoneAsync(ApiReader reader) => Eventually.TrueAsync(async () => await IsAnalyzedAsync(reader) && await reader.DepthAsync() is (0, 0));

    private static async Task UploadAsync(CrashSystem system, TestOracle oracle)
    {
        var image = oracle.Make(TrackedImageKind.Kept)!;
        await new CrashClient(new CrashCalls(system.Http, oracle), oracle, new SharedImages(new TestOracle(0)), new Random(0), TimeSpan.Zero).UploadAsync(image);
        image.MustExist.ShouldBeTrue();
    }
}
#endif
