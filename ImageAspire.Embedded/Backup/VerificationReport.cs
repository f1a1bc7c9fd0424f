using System.Globalization;

namespace ImageAspire.Embedded.Backup;

/// <summary>Reports faults as they are found, and counts them. Of each kind only the first twenty are listed.</summary>
/// <param name="lines">Takes the lines.</param>
internal sealed class VerificationReport(IProgress<string> lines)
{
    private const int MaxPerKind = 20;
    private readonly Dictionary<string, long> _kinds = [];

    /// <summary>Number of faults so far.</summary>
    public long Faults { get; private set; }

    /// <summary>Reports a fault.</summary>
    /// <param name="kind">Its stable code.</param>
    /// <param name="what">What is wrong, and where.</param>
    /// <param name="remedy">What to do.</param>
    public void Fault(string kind, string what, string remedy)
    {
        Faults++;
        var count = _kinds[kind] = _kinds.GetValueOrDefault(kind) + 1;
        if (count <= MaxPerKind)
            lines.Report($"FAULT {kind}: {what} -> {remedy}");
    }

    /// <summary>Reports something of interest that is no fault.</summary>
    public void Note(string text) => lines.Report("note: " + text);

    /// <summary>Reports how many faults of each kind were not listed.</summary>
    public void Complete()
    {
        foreach (var (kind, count) in _kinds.Where(one => one.Value > MaxPerKind))
            lines.Report(string.Create(CultureInfo.InvariantCulture, $"FAULT {kind}: {count - MaxPerKind:N0} more, {count:N0} in all"));
    }
}
