using System.Globalization;

namespace ImageAspire.Benchmarks.Harness;

/// <summary>A process and its children, as <c>/proc</c> of Linux has them.</summary>
/// <param name="Processor">Processor time of all of them since their start, and of those that have ended.</param>
/// <param name="PeakMiB">Most resident memory that each of them ever had, summed.</param>
internal sealed record ProcessTree(TimeSpan Processor, double PeakMiB)
{
    private const double TicksPerSecond = 100; // USER_HZ
    private const int UserTime = 11, SystemTime = 12, ChildrenUserTime = 13, ChildrenSystemTime = 14; // fields of stat behind the name

    public static ProcessTree Of(int process)
    {
        double ticks = 0, peak = 0;
        foreach (var one in Directory.EnumerateDirectories("/proc").Select(Path.GetFileName).Where(name => int.TryParse(name, CultureInfo.InvariantCulture, out _)))
        {
            try
            {
                if (one != $"{process}" && ParentOf(one!) != process)
                    continue;
                var stat = StatOf(one!);
                ticks += Number(stat, UserTime) + Number(stat, SystemTime) + (one == $"{process}" ? Number(stat, ChildrenUserTime) + Number(stat, ChildrenSystemTime) : 0);
                var line = File.ReadLines($"/proc/{one}/status").FirstOrDefault(text => text.StartsWith("VmHWM:", StringComparison.Ordinal));
                peak += line is null ? 0 : double.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2], CultureInfo.InvariantCulture) / 1024;
            }
            catch (IOException)
            {
                // It has ended meanwhile.
            }
        }

        return new ProcessTree(TimeSpan.FromSeconds(ticks / TicksPerSecond), peak);
    }

    private static int ParentOf(string process) => (int)Number(StatOf(process), 1);

    // The name may have spaces and brackets.
    private static string[] StatOf(string process) => File.ReadAllText($"/proc/{process}/stat") is var stat ? stat[(stat.LastIndexOf(')') + 2)..].Split(' ') : [];

    private static double Number(string[] stat, int field) => double.Parse(stat[field], CultureInfo.InvariantCulture);
}
