using System.Globalization;

namespace ImageAspire.Embedded.Backup;

/// <summary>Tells an operator how far it is: now and then, however many files there are.</summary>
/// <param name="lines">Where the lines go.</param>
/// <param name="time">Clock.</param>
internal sealed class StoreProgress(IProgress<string> lines, TimeProvider time)
{
    private static readonly TimeSpan Between = TimeSpan.FromSeconds(5);
    private long _last = time.GetTimestamp();

    /// <summary>A line, at once.</summary>
    public void Say(string line) => lines.Report(line);

    /// <summary>A line, if the last one is old enough.</summary>
    public void Now(string what, long done, long total, long bytes)
    {
        if (time.GetElapsedTime(_last) < Between)
            return;
        _last = time.GetTimestamp();
        Say(string.Create(CultureInfo.InvariantCulture, $"{what}: {done:N0} of {total:N0}, {Size(bytes)}"));
    }

    /// <summary>Bytes for people.</summary>
    public static string Size(long bytes) => bytes switch
    {
        < 1 << 20 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1024.0:0.#} KiB"),
        < 1 << 30 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1048576.0:0.#} MiB"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1073741824.0:0.##} GiB"),
    };
}
