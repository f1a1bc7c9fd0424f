using System.Globalization;

namespace ImageAspire.Embedded.Backup;

/// <summary>Reports progress to an operator: every count, or else a line every five seconds.</summary>
/// <param name="lines">Takes lines.</param>
/// <param name="time">Clock.</param>
/// <param name="counts">Takes counts; null for lines instead.</param>
internal sealed class StoreProgress(IProgress<string> lines, TimeProvider time, IProgress<StoreCount>? counts)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);
    private long _last = time.GetTimestamp();

    /// <summary>Reports a line at once.</summary>
    public void WriteLine(string line) => lines.Report(line);

    /// <summary>Reports a count; without a taker of counts, as a line when the last one is old enough.</summary>
    public void Report(string what, long done, long total, long bytes)
    {
        var count = new StoreCount(what, done, total, bytes);
        if (counts is not null)
        {
            counts.Report(count);
            return;
        }

        if (time.GetElapsedTime(_last) < Interval)
            return;
        _last = time.GetTimestamp();
        WriteLine(count.ToString());
    }

    /// <summary>Bytes for people.</summary>
    public static string Size(long bytes) => bytes switch
    {
        < 1 << 20 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1024.0:0.#} KiB"),
        < 1 << 30 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1048576.0:0.#} MiB"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1073741824.0:0.##} GiB"),
    };
}
