using ImageAspire.Core.Failpoints;

#if FAILPOINTS
using ImageAspire.Tests.Embedded;
using ImageAspire.Tests.EndToEnd;
using ImageAspire.Tests.Faults.Crashes;

namespace ImageAspire.Tests.Faults;

/// <summary>What a dead process had locked goes to others at once; what a process has locked that lives does not.</summary>
[Collection(WholeSystem.Name)]
[Trait("Category", "Slow")]
public sealed class AbandonedLockTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Locks_OfTheDead_AreGivenBackAtOnceAndThoseOfTheLivingNever()
    {
        using var system = new CrashSystem(CrashRunFixture.Options(_folder.Root) with { LockDuration = TimeSpan.FromHours(1) });
        var answers = new Answers(system.Http);
        var journal = new TestOracle(10);
        using var api = system.StartApi();
        (await system.AnswersAsync(api, CancellationToken.None)).ShouldBeTrue(string.Join('\n', api.Lines));
        var begun = FailpointNames.StageBegun("inspect-image");

        // One is slow with the first image in its hands, another one dies with the second.
        using var slow = system.StartWorker($"{begun}=tell,{begun}=delay:900000", new() { ["Worker__Concurrency"] = "1" });
        var first = await UploadAsync(system, journal);
        await Eventually.TrueAsync(() => slow.Lines.Any(line => line.Contains("failpoint")), TimeSpan.FromSeconds(60));
        using var dead = system.StartWorker($"{begun}=die");
        var second = await UploadAsync(system, journal);
        (await dead.ExitAsync(TimeSpan.FromSeconds(60), CancellationToken.None)).ShouldBeTrue();
        using var alive = system.StartWorker();

        await Eventually.TrueAsync(async () => await StatusAsync(answers, second) == "analyzed", TimeSpan.FromSeconds(60));
        (await StatusAsync(answers, first)).ShouldBe("received"); // whoever freed the second one had looked at the holder of the first

        slow.Kill();
        await Eventually.TrueAsync(async () => await StatusAsync(answers, first) == "analyzed", TimeSpan.FromSeconds(60));
        await Eventually.TrueAsync(async () => await answers.DepthAsync() is (0, 0), TimeSpan.FromSeconds(60));
        var audit = await answers.AuditAsync();
        AuditCheck.Violations(audit, await answers.RecordsAsync()).ShouldBeEmpty();
        audit.Count.ShouldBe(6);
    }

    private static async Task<string> UploadAsync(CrashSystem system, TestOracle journal)
    {
        var picture = journal.Make(TrackedImageKind.Kept)!;
        await new CrashClient(system.Http, journal, new SharedImages(new TestOracle(0)), new Random(0), TimeSpan.Zero).UploadAsync(picture);
        picture.MustExist.ShouldBeTrue();
        return picture.Sha256;
    }

    private static async Task<string> StatusAsync(Answers answers, string sha256) => (await answers.RecordsAsync()).Single(record => record.Sha256 == sha256).Status;
}
#endif
