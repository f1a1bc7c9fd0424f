using ImageAspire.Core.Failpoints;

#if FAILPOINTS
using ImageAspire.Tests.EndToEnd;
using ImageAspire.Tests.Faults.Crashes;

namespace ImageAspire.Tests.Faults;

/// <summary>Locks of a dead process are released at once; those of a live process are not.</summary>
[Collection(WholeSystem.Name)]
[Trait("Category", "Slow")]
public sealed class AbandonedLockTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Locks_OfADeadProcess_AreReleasedAtOnceAndThoseOfALiveOneAreKept()
    {
        using var system = new CrashSystem(CrashRunFixture.Options(_folder.Root) with { LockDuration = TimeSpan.FromHours(1) });
        var reader = new ApiReader(system.Http);
        var oracle = new TestOracle(10);
        using var api = system.StartApi();
        (await system.AnswersAsync(api, CancellationToken.None)).ShouldBeTrue(string.Join('\n', api.Lines));
        var begun = FailpointNames.StageBegun("inspect-image");

        // One worker is slow with the first image, another dies with the second.
        using var slow = system.StartWorker($"{begun}=tell,{begun}=delay:900000", new() { ["Worker__Concurrency"] = "1" });
        var first = await UploadAsync(system, oracle);
        await Eventually.TrueAsync(() => slow.Lines.Any(line => line.Contains("failpoint")), TimeSpan.FromSeconds(60));
        using var dead = system.StartWorker($"{begun}=die");
        var second = await UploadAsync(system, oracle);
        (await dead.ExitAsync(TimeSpan.FromSeconds(60), CancellationToken.None)).ShouldBeTrue();
        using var alive = system.StartWorker();

        await Eventually.TrueAsync(async () => await StatusAsync(reader, second) == "analyzed", TimeSpan.FromSeconds(60));
        (await StatusAsync(reader, first)).ShouldBe("received"); // the worker that released the second lock has checked the first, too

        slow.Kill();
        await Eventually.TrueAsync(async () => await StatusAsync(reader, first) == "analyzed", TimeSpan.FromSeconds(60));
        await Eventually.TrueAsync(async () => await reader.DepthAsync() is (0, 0), TimeSpan.FromSeconds(60));
        var audit = await reader.AuditAsync();
        AuditCheck.Violations(audit, await reader.ImagesAsync()).ShouldBeEmpty();
        audit.Count.ShouldBe(6);
    }

    private static async Task<string> UploadAsync(CrashSystem system, TestOracle oracle)
    {
        var image = oracle.Make(TrackedImageKind.Kept)!;
        await new CrashClient(new CrashCalls(system.Http, oracle), oracle, new SharedImages(new TestOracle(0)), new Random(0), TimeSpan.Zero).UploadAsync(image);
        image.MustExist.ShouldBeTrue();
        return image.Sha256;
    }

    private static async Task<string> StatusAsync(ApiReader reader, string sha256) => (await reader.ImagesAsync()).Single(record => record.Sha256 == sha256).Status;
}
#endif
