namespace ImageAspire.Tests.Faults.Crashes;

/// <summary>How a program is started.</summary>
/// <param name="File">The executable.</param>
/// <param name="Arguments">Its first arguments.</param>
internal sealed record ProgramStart(string File, params IReadOnlyList<string> Arguments);

/// <summary>What a crash run does. The timing is the machine's; every random choice comes from the seed.</summary>
internal sealed record CrashOptions
{
    /// <summary>The Api.</summary>
    public required ProgramStart Api { get; init; }

    /// <summary>The Worker.</summary>
    public required ProgramStart Worker { get; init; }

    /// <summary>An empty folder.</summary>
    public required string DataFolder { get; init; }

    /// <summary>Where everything is stored: that folder, unless something else is set.</summary>
    public ICrashStores Stores
    {
        get => field ?? new EmbeddedStores(DataFolder);
        init;
    }

    /// <summary>How many times each process of the stores is killed at a random moment.</summary>
    public int StoreKills { get; init; }

    /// <summary>Of the random choices.</summary>
    public required int Seed { get; init; }

    /// <summary>Clients at once.</summary>
    public int Clients { get; init; } = 4;

    /// <summary>Pause of a client between two calls.</summary>
    public TimeSpan Pause { get; init; } = TimeSpan.FromMilliseconds(60);

    /// <summary>Images that the clients create at most; then they go on with those.</summary>
    public int MaxImages { get; init; } = 400;

    /// <summary>Locks of messages. Workers are suspended for longer than that.</summary>
    public TimeSpan LockDuration { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Competing workers.</summary>
    public int Workers { get; init; } = 3;

    /// <summary>How many times the Api and the workers are killed at random moments.</summary>
    public int RandomKills { get; init; }

    /// <summary>Processes die once at each failpoint. Needs programs that were built with failpoints.</summary>
    public bool Failpoints { get; init; }

    /// <summary>The clock that the processes see, which is set meanwhile; null for the system's.</summary>
    public ProcessClock? Clock { get; init; }

    /// <summary>Wait until every webhook is delivered; claims of a dead worker take up to 30 s.</summary>
    public bool AwaitWebhooks { get; init; }

    /// <summary>Ends the schedule early; the invariants are checked all the same.</summary>
    public CancellationToken Enough { get; init; }
}

/// <summary>The result of a crash run.</summary>
/// <param name="Seed">Of the run.</param>
/// <param name="Violations">Broken invariants; empty when all hold.</param>
/// <param name="Figures">Counts, by name.</param>
/// <param name="DiedAt">Failpoints at which a process died, as role and name.</param>
internal sealed record CrashReport(int Seed, IReadOnlyList<string> Violations, IReadOnlyDictionary<string, long> Figures, IReadOnlySet<string> DiedAt)
{
    /// <summary>Processes that were killed or died at a failpoint.</summary>
    public long Kills => Figures.GetValueOrDefault("kills");

    public override string ToString() => $"seed {Seed}: " + string.Join(", ", Figures.Select(one => $"{one.Value} {one.Key}"))
        + string.Concat(Violations.Select(one => Environment.NewLine + "  " + one));
}
