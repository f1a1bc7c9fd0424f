using System.Text.RegularExpressions;

namespace ImageAspire.Tests.Faults.Crashes;

/// <summary>AppHost runs everything; it or one of its children is killed, over and over. When it dies its children end by themselves.</summary>
internal sealed partial class AppHostKills(CrashSystem system, Ledger ledger, Journal journal, Random random)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    public async Task RunAsync(int kills, CancellationToken enough)
    {
        var left = kills;
        while (left > 0 && !enough.IsCancellationRequested)
        {
            using var app = system.StartAppHost();
            var running = await RunsAsync(app, early: random.Next(4) == 0);
            // Some of its children, and then it.
            for (var i = running ? random.Next(1, 4) : 0; i > 0 && left > 1 && !app.HasExited; i--, left--)
            {
                await Task.Delay(random.Next(200, 1_500), CancellationToken.None);
                var children = Children(app);
                if (ChildService.Kill(children[random.Next(children.Count)]))
                    journal.Count("kills");
                journal.Count("children of AppHost killed");
            }

            await Task.Delay(random.Next(1_000), CancellationToken.None);
            app.Kill();
            await app.ExitAsync(Patience, CancellationToken.None);
            ledger.Died("apphost", app);
            left--;
            await NobodyIsLeftAsync(app);
        }
    }

    // A part of them dies while the others start.
    private static async Task<bool> RunsAsync(ChildService app, bool early)
    {
        var began = TimeProvider.System.GetTimestamp();
        while (!early && !app.HasExited && TimeProvider.System.GetElapsedTime(began) < Patience)
        {
            if (app.Lines.Any(line => line.Contains("ImageAspire is running", StringComparison.Ordinal)))
                return true;
            await Task.Delay(20);
        }

        return false;
    }

    private async Task NobodyIsLeftAsync(ChildService app)
    {
        var began = TimeProvider.System.GetTimestamp();
        while (Children(app).FirstOrDefault(ChildService.IsAlive) is var alive && alive != 0)
        {
            if (TimeProvider.System.GetElapsedTime(began) > Patience)
            {
                journal.Violations.Enqueue($"AppHost is dead, and its child {alive} lives on: {string.Join(" | ", app.Lines.TakeLast(12))}");
                ChildService.Kill(alive);
                return;
            }

            await Task.Delay(20);
        }

        journal.Longest("ms until AppHost's children had ended", (long)TimeProvider.System.GetElapsedTime(began).TotalMilliseconds);
    }

    private static List<int> Children(ChildService app) =>
        [.. app.Lines.Select(line => Started().Match(line)).Where(match => match.Success).Select(match => int.Parse(match.Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture))];

    [GeneratedRegex(@"^\[apphost\] \S+ started \(process (\d+)\)")]
    private static partial Regex Started();
}
