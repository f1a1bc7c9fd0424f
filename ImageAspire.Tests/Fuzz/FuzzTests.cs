using System.Globalization;
using ImageAspire.Tests.Faults.Crashes;
using ImageAspire.Tests.Requirements;

namespace ImageAspire.Tests.Fuzz;

/// <summary>
/// Requests made from the OpenAPI document, valid and damaged: no server error, no answer that hangs, no growth, no status that the document does not name.
/// <c>IMAGEASPIRE_FUZZ_REQUESTS</c> and <c>IMAGEASPIRE_TEST_SEED</c> make it longer and different.
/// </summary>
[Trait("Category", "Slow")]
public sealed class FuzzTests(ITestOutputHelper output)
{
    private const int Requests = 20_000, Seed = 14;
    private const long MemoryGrowth = 128 * 1024; // KiB
    private const int FileGrowth = 100;

    [Fact]
    public async Task Api_FuzzedRequests_NoServerErrorNoHangNoGrowth()
    {
        Requires.Linux(); // sizes of the process come from /proc
        var (requests, seed) = (Setting("IMAGEASPIRE_FUZZ_REQUESTS", Requests), Setting("IMAGEASPIRE_TEST_SEED", Seed));
        using var folder = new TempFolder();
        var program = new ProgramStart("dotnet", "exec", Programs.Api);
        using var system = new CrashSystem(new CrashOptions { Api = program, Worker = program, DataFolder = folder.Root, Seed = seed });
        using var api = system.StartApi();
        (await system.AnswersAsync(api, TestContext.Current.CancellationToken)).ShouldBeTrue(api.Trouble());
        var run = new FuzzRun(system, api, new RequestFuzzer([TestImages.Jpeg(), TestImages.Png(20, 14), TestImages.Gif(20, 14), TestImages.Webp(), TestImages.Bmp(20, 14)]), seed);

        await run.SendAsync(requests / 4, TestContext.Current.CancellationToken);
        var warm = run.Size();
        await run.SendAsync(requests, TestContext.Current.CancellationToken);
        var end = run.Size();

        output.WriteLine($"{requests} requests, seed {seed}; memory {warm.Memory} → {end.Memory} KiB, open files {warm.Files} → {end.Files}; "
            + string.Join(", ", run.Statuses.OrderBy(one => one.Key).Select(one => $"{one.Value} × {one.Key}")));
        Assert.True(run.Complaints.Count == 0, string.Join(Environment.NewLine, run.Complaints));
        api.HasExited.ShouldBeFalse(api.Trouble());
        (end.Memory - warm.Memory).ShouldBeLessThan(MemoryGrowth);
        (end.Files - warm.Files).ShouldBeLessThan(FileGrowth);
        run.Statuses.Where(one => one.Key is >= 200 and < 300).Sum(one => one.Value).ShouldBeGreaterThan(requests / 10); // not everything was refused at the first look
        using var healthy = await system.Http.GetAsync(new Uri("/health", UriKind.Relative), TestContext.Current.CancellationToken);
        healthy.IsSuccessStatusCode.ShouldBeTrue();
    }

    private static int Setting(string name, int other) =>
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } text ? int.Parse(text, CultureInfo.InvariantCulture) : other;
}
