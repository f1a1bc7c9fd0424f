using System.Globalization;
using ImageAspire.Benchmarks.Harness;
using ImageAspire.Tests.Faults.Crashes;

namespace ImageAspire.Benchmarks;

/// <summary>Not a benchmark: runs the crash harness of the tests until a thousand processes were killed, and fails on any violation.</summary>
internal static class SoakBenchmark
{
    public const string What = """
        clients and operators work while Api and workers are killed at random moments, suspended, and their clock is set (Linux, with a C compiler);
        after each round every acknowledged image is verified
        --kills 1000  --minutes 50 (at the most)  --seed N (else random, and printed)  --round 100 (kills between two checks)  --workers 6  --api DIR  --worker DIR (published; else they are published first)
        """;

    public static async Task<int> RunAsync(string[] args, CancellationToken cancellationToken)
    {
        var options = Options.Parse(args, "--kills", "--minutes", "--seed", "--round", "--workers", "--api", "--worker");
        var kills = options.Number("--kills", 1000, 1, 100_000);
        var round = options.Number("--round", 100, 10, 1000);
        var seed = options.Number("--seed", Random.Shared.Next(1_000_000), 0, int.MaxValue);
        var limit = TimeSpan.FromMinutes(options.Number("--minutes", 50, 1, 55));
        using var temp = new TempFolder("soak");
        using var clock = ProcessClock.TryCreate();
        var programs = new CrashOptions
        {
            // As users run them: published, and without failpoints.
            Api = new ProgramStart((await Published.ProjectAsync("ImageAspire.Api", options.Text("--api"), temp, cancellationToken)).Executable),
            Worker = new ProgramStart((await Published.ProjectAsync("ImageAspire.Worker", options.Text("--worker"), temp, cancellationToken)).Executable),
            DataFolder = temp.Path, Seed = seed, AwaitWebhooks = true, Clock = clock, Workers = options.Number("--workers", 6, 1, 32),
        };

        using var enough = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        enough.CancelAfter(limit);
        var began = TimeProvider.System.GetTimestamp();
        Console.WriteLine($"seed {seed}: {kills} kills, {round} in a round, at most {limit.TotalMinutes:0} minutes");
        var reports = new List<CrashReport>();
        while (reports.Sum(one => one.Kills) < kills && !enough.IsCancellationRequested)
        {
            var report = await RoundAsync(programs with { Seed = seed + reports.Count, Enough = enough.Token }, temp.Of($"data-{reports.Count}"), round);
            reports.Add(report);
            Console.WriteLine($"{TimeProvider.System.GetElapsedTime(began).TotalSeconds:0} s: {report}");
        }

        Print(reports, seed, TimeProvider.System.GetElapsedTime(began));
        return reports.Exists(one => one.Violations.Count > 0) || reports.Sum(one => one.Kills) < kills ? 1 : 0;
    }

    private static async Task<CrashReport> RoundAsync(CrashOptions options, string folder, int kills)
    {
        Directory.CreateDirectory(folder);
        var report = await CrashRun.RunAsync(options with { DataFolder = folder, RandomKills = kills }, _ => { });
        if (report.Violations.Count > 0)
            Console.WriteLine($"The data is in {folder} until this program ends.");
        else
            Directory.Delete(folder, recursive: true);
        return report;
    }

    private static void Print(List<CrashReport> reports, int seed, TimeSpan time)
    {
        var report = new Report("soak", "what", "all rounds");
        report.Setting("seed", seed);
        report.Setting("rounds", reports.Count);
        foreach (var figure in reports.SelectMany(one => one.Figures).GroupBy(one => one.Key).OrderBy(group => group.Key, StringComparer.Ordinal))
        {
            double value = figure.Key.StartsWith("ms ", StringComparison.Ordinal) ? figure.Max(one => one.Value) : figure.Sum(one => one.Value);
            report.Row(figure.Key, value);
            report.Figure(figure.Key.Replace(' ', '-'), value);
        }

        report.Figure("violations", reports.Sum(one => one.Violations.Count));
        report.Figure("minutes", time.TotalMinutes);
        report.Note(string.Create(CultureInfo.InvariantCulture, $"{reports.Sum(one => one.Violations.Count)} violations in {time.TotalMinutes:0.0} minutes"));
        report.Print(Console.Out);
    }
}
