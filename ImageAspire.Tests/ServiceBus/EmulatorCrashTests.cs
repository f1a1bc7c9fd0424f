using System.Globalization;

namespace ImageAspire.Tests.ServiceBus;

/// <summary>
/// The durable emulator is killed again and again while clients send and complete, and while it starts. What was acknowledged is there afterwards, and what was
/// completed is not. <c>IMAGEASPIRE_TEST_SERVICEBUS_KILLS</c> is how often, <c>IMAGEASPIRE_TEST_SERVICEBUS_SEED</c> repeats a run's moments.
/// </summary>
[Trait("Category", "Slow")]
public sealed class EmulatorCrashTests(ITestOutputHelper output)
{
    private const int Kills = 200;

    // Beside each other, so that clients of one work while another one starts.
    private const int Emulators = 3;

    [Fact]
    public async Task Kills_LoseNothingAcknowledged_AndBringNothingCompletedBack()
    {
        var (kills, seed) = (Number("IMAGEASPIRE_TEST_SERVICEBUS_KILLS", Kills), Number("IMAGEASPIRE_TEST_SERVICEBUS_SEED", Random.Shared.Next(1_000_000)));
        output.WriteLine($"seed {seed}");
        var runs = Enumerable.Range(0, Emulators).Select(one => new CrashRun(new Random(seed + one))).ToList();
        try
        {
            await Task.WhenAll(runs.Select((run, one) => run.KillAsync((kills + one) / Emulators)));
            await Task.WhenAll(runs.Select(run => run.EndAsync()));
        }
        finally
        {
            runs.ForEach(run => run.Dispose());
        }

        var (sent, completed) = (runs.Sum(run => run.Oracle.CountSent), runs.Sum(run => run.Oracle.CountCompleted));
        output.WriteLine($"{runs.Sum(run => run.Kills)} kills, {runs.Sum(run => run.KillsWhileStarting)} of them while it started; {sent} acknowledged, {completed} completed");
        runs.SelectMany(run => run.Oracle.Violations).ShouldBeEmpty($"seed {seed}");
        runs.Sum(run => run.Kills).ShouldBe(kills);
        sent.ShouldBeGreaterThan(kills);
        completed.ShouldBeGreaterThan(kills);
    }

    private static int Number(string variable, int otherwise) => int.TryParse(Environment.GetEnvironmentVariable(variable), CultureInfo.InvariantCulture, out var number) ? number : otherwise;
}
