using ImageAspire.Core.Failpoints;

namespace ImageAspire.Tests.Faults.Crashes;

/// <summary>
/// Clients work while processes are killed or suspended and lose their locks; then the kills end, and the invariants are checked. The
/// test and the soak benchmark both run it.
/// </summary>
internal sealed class CrashRun
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    // A store that is gone stops everything: between two kills there must be time for work.
    private static readonly TimeSpan StoreLife = TimeSpan.FromSeconds(8);
    private static readonly string[] SweepPoints =
        [FailpointNames.SweepBeforeAnnounce, FailpointNames.SweepAnnounced, FailpointNames.SweepOrphanFound, FailpointNames.SweepOrphanRemoved];

    private static readonly string[] Everything =
        ["deletions acknowledged", "failing images acknowledged", "resumable uploads acknowledged", "resumable uploads left unfinished"];

    private readonly CrashOptions _options;
    private readonly CrashSystem _system;
    private readonly CrashVision _vision;
    private readonly CrashCalls _calls;
    private readonly TestOracle _oracle;
    private readonly ExitLog _exits;
    private readonly StoreRunner _stores;
    private readonly SharedImages _shared;
    private readonly ApiReader _reader;
    private int _announced;

    private CrashRun(CrashOptions options, TestOracle oracle, CrashSystem system, CrashVision vision)
    {
        (_options, _oracle, _system, _vision) = (options, oracle, system, vision);
        _calls = new CrashCalls(system.Http, oracle);
        _exits = new ExitLog(_oracle, storesDie: options.Stores.Processes.Count > 0);
        _stores = new StoreRunner(options.Stores, _exits);
        _shared = new SharedImages(_oracle);
        _reader = new ApiReader(system.Http);
    }

    /// <summary>The failpoints of the first part; those of the sweepers need an idle system.</summary>
    private static IEnumerable<string> WorkerPoints => CrashPoints.Worker.Except(SweepPoints);

    /// <summary>Runs it. Faults of the product are in the report; an exception is a fault of the harness or of the machine.</summary>
    /// <param name="options">What to do.</param>
    /// <param name="say">Called before each part.</param>
    public static async Task<CrashReport> RunAsync(CrashOptions options, Action<string> say)
    {
        var oracle = new TestOracle(options.MaxImages);
        await using var vision = await CrashVision.StartAsync(oracle);
        using var system = new CrashSystem(options, vision.Url);
        await using var sink = await WebhookSink.StartAsync();
        var run = new CrashRun(options, oracle, system, vision);
        await using var stores = run._stores;
        var violations = await run.RunAsync(sink, say);
        return new CrashReport(options.Seed, violations, new SortedDictionary<string, long>(oracle.Counts.ToDictionary()), run._exits.DiedAt);
    }

    private async Task<IReadOnlyList<string>> RunAsync(WebhookSink sink, Action<string> say)
    {
        await _stores.StartAsync();
        var webhook = await WithApiAsync(() => _reader.CreateWebhookAsync(sink.Url));
        say("Api and workers are killed");
        await WhileClientsWorkAsync(1, async () =>
        {
            await KillServicesAsync();
            // On a slow machine the kills may be over before an Api lived long enough to acknowledge one of everything.
            if (!HasSeenEverything())
            {
                await WithApiAsync(async () =>
                {
                    await Eventually.TrueAsync(HasSeenEverything);
                    return true;
                });
            }
        });
        if (_options.Failpoints)
        {
            say("sweepers are killed");
            await KillSweepersAsync();
        }

        say("everything is checked");
        var violations = new List<string>(await SettleAsync(webhook, sink));
        await _stores.KillAsync();
        violations.AddRange(_options.Stores.Problems());
        return [.. _oracle.Violations, .. violations];
    }

    private bool HasSeenEverything() => Everything.All(_oracle.Counts.ContainsKey);

    private async Task WhileClientsWorkAsync(int part, Func<Task> kill)
    {
        using var enough = new CancellationTokenSource();
        var clients = Enumerable.Range(0, _options.Clients)
            .Select(i => new CrashClient(_calls, _oracle, _shared, new Random(_options.Seed * 31 + part * 1000 + i), _options.Pause).RunAsync(enough.Token)).ToList();
        clients.Add(new CrashOperators(_calls, _oracle, new Random(_options.Seed * 37 + part)).RunAsync(enough.Token));
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
        var apiSchedule = new KillSchedule(_options.Failpoints ? FailpointNames.Api : [], ofApi, random.Next());
        var workerSchedule = new KillSchedule(_options.Failpoints ? WorkerPoints : [], _options.RandomKills - ofApi, random.Next());
        var workers = Enumerable.Range(0, _options.Workers).Select(_ => new CrashLoop("worker", plan => _system.StartWorker(plan), CrashSystem.WorksAsync, workerSchedule, _exits)).ToList();
        var stores = _options.Stores.Processes.Select(one => new CrashLoop(one.Role, _ => one.Start(), one.ReadyAsync, new KillSchedule([], _options.StoreKills, random.Next(), StoreLife), _exits)).ToList();
        var api = new CrashLoop("api", _system.StartApi, one => _system.AnswersAsync(one, CancellationToken.None), apiSchedule, _exits);
        await _stores.KillAsync();
        using var over = new CancellationTokenSource();
        var busy = workers.Count + stores.Count + 1;
        var all = workers.Concat(stores).Append(api).Select(one => one.RunAsync(() =>
        {
            if (Interlocked.Decrement(ref busy) == 0)
                over.Cancel();
        }, over.Token, _options.Enough)).ToList();
        var others = new Disturbances(_options, _oracle);
        await Task.WhenAll([.. all, others.FreezeAsync(workers, random.Next(), over.Token), others.SetClockAsync(_options.Clock, random.Next(), over.Token)]);
        await _stores.StartAsync();
    }

    // No client works; a message is lost and a blob has no record, and the sweepers die while they repair that.
    private async Task KillSweepersAsync()
    {
        var lost = new TrackedImage(TrackedImageKind.Kept, "lost", TestImages.Png(96, 64, -1));
        _oracle.Add(lost);
        await WithApiAsync(async () =>
        {
            await new CrashClient(_calls, _oracle, _shared, new Random(0), TimeSpan.Zero).UploadAsync(lost);
            StoreCheck.LoseMessages(_options.DataFolder, "inspect-image");
            _announced = (await _reader.ImagesAsync()).Count(record => record.Status == "received");
            return true;
        });
        foreach (var name in SweepPoints)
        {
            StoreCheck.PlantOrphan(_options.DataFolder);
            using var worker = _system.StartWorker($"{name}=die", new()
            {
                ["Worker__SweepInterval"] = "00:00:00.2", ["Worker__StrandedAfter"] = "00:00:00.5",
                ["Worker__OrphanSweepInterval"] = "00:00:00.2", ["Worker__OrphanAfter"] = "00:00:01", // no client uploads now
            });
            await worker.ExitAsync(Patience, CancellationToken.None);
            if (worker.DiedAt is null)
                worker.Kill();
            await worker.ExitAsync(Patience, CancellationToken.None);
            _exits.Record("worker", worker);
        }
    }

    private async Task<IReadOnlyList<string>> SettleAsync(Guid webhook, WebhookSink sink)
    {
        // Clients finish their uploads: on a slow machine seconds pass between the bytes of one and its record.
        Dictionary<string, string> Sweeping() => new() { ["Worker__OrphanAfter"] = "00:00:20", ["Worker__OrphanSweepInterval"] = "00:00:00.5", ["Worker__UploadSweepInterval"] = "00:00:00.5" };
        using var first = _system.StartWorker(null, Sweeping());
        using var second = _system.StartWorker(null, Sweeping());
        var violations = await WithApiAsync(() => new SettledCheck(_options, _system, _oracle, _shared).RunAsync(_vision, webhook, sink, _announced));
        foreach (var worker in new[] { first, second })
        {
            worker.Kill();
            await worker.ExitAsync(Patience, CancellationToken.None);
            _exits.Record("worker", worker);
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
        _exits.Record("api", api);
        return result;
    }
}
