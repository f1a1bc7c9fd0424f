using ImageAspire.Core.Failpoints;

namespace ImageAspire.Tests.Faults.Crashes;

/// <summary>
/// Clients work while processes are killed, stand still and lose their locks; then the system is left alone, and everything that it
/// acknowledged is looked for. The same code for the test and for the soak.
/// </summary>
internal sealed class CrashRun
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly string[] SweepPoints =
        [FailpointNames.SweepBeforeAnnounce, FailpointNames.SweepAnnounced, FailpointNames.SweepOrphanFound, FailpointNames.SweepOrphanRemoved];

    private readonly CrashOptions _options;
    private readonly CrashSystem _system;
    private readonly Journal _journal;
    private readonly Ledger _ledger;
    private readonly SharedPictures _shared;
    private readonly Answers _answers;
    private int _announced;

    private CrashRun(CrashOptions options, CrashSystem system)
    {
        (_options, _system) = (options, system);
        _journal = new Journal(options.MostPictures);
        _ledger = new Ledger(_journal);
        _shared = new SharedPictures(_journal);
        _answers = new Answers(system.Http);
    }

    /// <summary>The points that the workers of the first part come by; the sweepers' need a system at rest.</summary>
    private static IEnumerable<string> WorkerPoints => CrashPoints.Worker.Except(SweepPoints);

    /// <summary>Runs it. What is wrong with the product is in the report; an exception is a fault of the harness or of the machine.</summary>
    /// <param name="options">What to do.</param>
    /// <param name="say">Told of each part.</param>
    public static async Task<CrashReport> RunAsync(CrashOptions options, Action<string> say)
    {
        using var system = new CrashSystem(options);
        await using var sink = await WebhookSink.StartAsync();
        var run = new CrashRun(options, system);
        var violations = await run.RunAsync(sink, say);
        return new CrashReport(options.Seed, violations, new SortedDictionary<string, long>(run._journal.Counts.ToDictionary()), run._ledger.DiedAt);
    }

    private async Task<IReadOnlyList<string>> RunAsync(WebhookSink sink, Action<string> say)
    {
        var webhook = await WithApiAsync(() => _answers.MakeWebhookAsync(sink.Url));
        say("Api and workers are killed");
        await WhileClientsWorkAsync(1, KillServicesAsync);
        if (_options.Failpoints)
        {
            say("sweepers are killed");
            await KillSweepersAsync();
        }

        say("everything is checked");
        var violations = new List<string>(await SettleAsync(webhook, sink));
        violations.AddRange(StoreCheck.Databases(_options.DataFolder));
        return [.. _journal.Violations, .. violations];
    }

    private async Task WhileClientsWorkAsync(int part, Func<Task> kill)
    {
        using var enough = new CancellationTokenSource();
        var clients = Enumerable.Range(0, _options.Clients)
            .Select(i => new CrashClient(_system.Http, _journal, _shared, new Random(_options.Seed * 31 + part * 1000 + i), _options.Pause).RunAsync(enough.Token)).ToList();
        try
        {
            await kill();
        }
        finally
        {
            await enough.CancelAsync();
            await Task.WhenAll(clients);
        }
    }

    private async Task KillServicesAsync()
    {
        var random = new Random(_options.Seed);
        var ofApi = _options.RandomKills / 4;
        var apiFates = new Fates(_options.Failpoints ? FailpointNames.Api : [], ofApi, random.Next());
        var workerFates = new Fates(_options.Failpoints ? WorkerPoints : [], _options.RandomKills - ofApi, random.Next());
        var workers = Enumerable.Range(0, _options.Workers).Select(_ => new Lives("worker", plan => _system.StartWorker(plan), CrashSystem.WorksAsync, workerFates, _ledger)).ToList();
        using var over = new CancellationTokenSource();
        var busy = workers.Count + 1;
        var all = workers.Append(new Lives("api", _system.StartApi, one => _system.AnswersAsync(one, CancellationToken.None), apiFates, _ledger)).Select(one => one.RunAsync(() =>
        {
            if (Interlocked.Decrement(ref busy) == 0)
                over.Cancel();
        }, over.Token, _options.Enough)).ToList();
        await Task.WhenAll([.. all, FreezeAsync(workers, random.Next(), over.Token)]);
    }

    // Somebody stands still for longer than the locks hold, and wakes up when others have done the work.
    private async Task FreezeAsync(List<Lives> workers, int seed, CancellationToken over)
    {
        var random = new Random(seed);
        while (!over.IsCancellationRequested)
        {
            await Task.Delay(TimeSpan.FromSeconds(1 + random.NextDouble() * 4), over).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (workers[random.Next(workers.Count)].Now is not { HasExited: false } one)
                continue;
            one.Freeze();
            _journal.Count("workers frozen");
            await Task.Delay(_options.LockDuration * 1.5, over).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            one.Thaw();
        }
    }

    // No client works; a message is lost and a blob belongs to nobody, and the sweepers die over both.
    private async Task KillSweepersAsync()
    {
        var lost = new Picture(PictureKind.Kept, "lost", TestImages.Png(96, 64, -1));
        _journal.Add(lost);
        await WithApiAsync(async () =>
        {
            await new CrashClient(_system.Http, _journal, _shared, new Random(0), TimeSpan.Zero).UploadAsync(lost);
            StoreCheck.LoseMessages(_options.DataFolder, "inspect-image");
            _announced = (await _answers.RecordsAsync()).Count(record => record.Status == "received");
            return true;
        });
        foreach (var name in SweepPoints)
        {
            StoreCheck.PlantOrphan(_options.DataFolder);
            using var worker = _system.StartWorker($"{name}=die", new()
            {
                ["Worker__SweepInterval"] = "00:00:00.2", ["Worker__StrandedAfter"] = "00:00:00.5",
                ["Worker__OrphanSweepInterval"] = "00:00:00.2", ["Worker__OrphanAfter"] = "00:00:01", // nobody uploads now
            });
            await worker.ExitAsync(Patience, CancellationToken.None);
            if (worker.DiedAt is null)
                worker.Kill();
            await worker.ExitAsync(Patience, CancellationToken.None);
            _ledger.Died("worker", worker);
        }
    }

    private async Task<IReadOnlyList<string>> SettleAsync(Guid webhook, WebhookSink sink)
    {
        Dictionary<string, string> Sweeping() => new() { ["Worker__OrphanAfter"] = "00:00:01", ["Worker__OrphanSweepInterval"] = "00:00:00.5" };
        using var first = _system.StartWorker(null, Sweeping());
        using var second = _system.StartWorker(null, Sweeping());
        var violations = await WithApiAsync(() => new Verdict(_answers, _journal, _options).ReadAsync(webhook, sink, _announced));
        foreach (var worker in new[] { first, second })
        {
            worker.Kill();
            await worker.ExitAsync(Patience, CancellationToken.None);
            _ledger.Died("worker", worker);
        }

        return violations;
    }

    private async Task<T> WithApiAsync<T>(Func<Task<T>> work)
    {
        using var api = _system.StartApi();
        if (!await _system.AnswersAsync(api, CancellationToken.None))
            throw new InvalidOperationException($"The Api does not start: {string.Join(" | ", api.Lines)}");
        var result = await work();
        api.Kill();
        await api.ExitAsync(Patience, CancellationToken.None);
        _ledger.Died("api", api);
        return result;
    }
}
