using ImageAspire.Core.Events;

namespace ImageAspire.Core.Ports;

/// <summary>The reporting service's own store: figures per day, kept up to date by events alone.</summary>
public interface IReportStore
{
    /// <summary>Counts an event once; a second delivery (same event id) changes nothing.</summary>
    Task ApplyAsync(ImageEvent e, CancellationToken cancellationToken);

    /// <summary>Figures per day (UTC), oldest first; days without any event are left out.</summary>
    /// <param name="from">First day.</param>
    /// <param name="to">Last day, at most 366 days later.</param>
    /// <param name="cancellationToken">Ends the query.</param>
    Task<IReadOnlyList<DailyReport>> DailyAsync(DateOnly from, DateOnly to, CancellationToken cancellationToken);
}

/// <summary>One day.</summary>
public sealed record DailyReport
{
    /// <summary>The day, UTC.</summary>
    public required DateOnly Day { get; init; }

    /// <summary>Images received.</summary>
    public long Received { get; init; }

    /// <summary>Their bytes.</summary>
    public long Bytes { get; init; }

    /// <summary>Images analyzed.</summary>
    public long Analyzed { get; init; }

    /// <summary>Files rejected.</summary>
    public long Rejected { get; init; }

    /// <summary>Images failed.</summary>
    public long Failed { get; init; }

    /// <summary>Images deleted, without those that were restored from the trash since.</summary>
    public long Deleted { get; init; }

    /// <summary>Median of upload → analyzed, in seconds, from a histogram whose buckets grow by a quarter; null without any.</summary>
    public double? TimeToAnalyzedP50 { get; init; }

    /// <summary>The same, 95th percentile.</summary>
    public double? TimeToAnalyzedP95 { get; init; }

    /// <summary>Failure and rejection codes with their counts.</summary>
    public IReadOnlyDictionary<string, long> Failures { get; init; } = new Dictionary<string, long>();

    /// <summary>The twenty most frequent tags of images analyzed that day.</summary>
    public IReadOnlyDictionary<string, long> Tags { get; init; } = new Dictionary<string, long>();
}
