using ImageAspire.Tests.EndToEnd;
using ImageAspire.Tests.Faults.Crashes;
using ImageAspire.Tests.Requirements;

namespace ImageAspire.Tests.Faults.AzureCrashes;

/// <summary>
/// The Azure backend on emulators, in which Api, Workers, the stand-in for MongoDB, Azurite and the Service Bus emulator are killed at random moments.
/// <c>IMAGEASPIRE_TEST_AZURE_KILLS</c> is how often for a soak, <c>IMAGEASPIRE_TEST_AZURE_SEED</c> repeats the choices of a run.
/// </summary>
[Collection(WholeSystem.Name)]
[Trait("Category", "Slow")]
public sealed class AzureCrashTests(ITestOutputHelper output) : IDisposable
{
    private const int FewestKills = 14;

    // The shortest of the service.
    private static readonly TimeSpan LockDuration = TimeSpan.FromSeconds(5);
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Crashes_OfServicesAndEmulators_KeepEveryInvariant()
    {
        NodePackages.Azurite.Require();
        var kills = Math.Max(FewestKills, Number("IMAGEASPIRE_TEST_AZURE_KILLS") ?? 0);
        var options = CrashRunFixture.Options(_folder.Root) with
        {
            Seed = Number("IMAGEASPIRE_TEST_AZURE_SEED") ?? Random.Shared.Next(1_000_000), Stores = new AzureStores(_folder.Root, LockDuration), LockDuration = LockDuration, Workers = 2, MaxImages = 4 * kills,
            StoreKills = kills / 7, RandomKills = kills - 3 * (kills / 7),
        };
        var began = TimeProvider.System.GetTimestamp();

        var report = await CrashRun.RunAsync(options, part => output.WriteLine($"{TimeProvider.System.GetElapsedTime(began).TotalSeconds:0.0} s: {part}"));

        output.WriteLine($"{TimeProvider.System.GetElapsedTime(began).TotalSeconds:0.0} s: {report}");
        report.Violations.ShouldBeEmpty(report.ToString());
        report.Kills.ShouldBeGreaterThanOrEqualTo(kills, report.ToString());
        report.Figures["uploads acknowledged"].ShouldBeGreaterThan(0);
        foreach (var emulator in (string[])["documents", "storage", "messaging"])
            report.Figures[$"{emulator} lives"].ShouldBeGreaterThan(options.StoreKills, report.ToString());
    }

    private static int? Number(string variable) => int.TryParse(Environment.GetEnvironmentVariable(variable), out var number) ? number : null;
}
