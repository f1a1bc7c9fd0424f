using System.Globalization;

namespace ImageAspire.Embedded.Backup;

/// <summary>Tells an operator how far it is: every count to whoever shows counts, else a line now and then, however many files there are.</summary>
/// <param name="lines">Where the lines go.</param>
/// <param name="time">Clock.</param>
/// <param name="counts">Who shows counts; null for nobody.</param>
internal sealed class StoreProgress(IProgress<string> lines, TimeProvider time, IProgress<StoreCount>? counts)
{
    private static readonly TimeSpan Between = TimeSpan.FromSeconds(5);
    private long _last = time.GetTimestamp();

    /// <summary>A line, at once.</summary>
    public void Say(string line) => lines.Report(line);

    /// <summary>A count; or a line of it, if the last one is old enough.</summary>
    public void Now(string what, long done, long total, long bytes)
    {
        var count = new StoreCount(what, done, total, bytes);
        if (counts is not null)
        {
            counts.Report(count);
            return;
        }

        if (time.GetElapsedTime(_last) < Between)
            return;
        _last = time.GetTimestamp();
        Say(count.ToString());
    }

    /// <summary>Bytes for people.</summary>
    public static string Size(long bytes) => bytes switch
    {
        < 1 << 20 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1024.0:0.#} KiB"),
        < 1 << 30 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1048576.0:0.#} MiB"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1073741824.0:0.##} GiB"),
    };
}
