using System.Globalization;

namespace ImageAspire.Embedded.Backup;

/// <summary>Tells of faults as they are found, and counts them; of each kind only the first ones are told, so that the page stays readable.</summary>
/// <param name="lines">Where the lines go.</param>
internal sealed class VerificationReport(IProgress<string> lines)
{
    private const int MostOfAKind = 20;
    private readonly Dictionary<string, long> _kinds = [];

    /// <summary>Faults so far.</summary>
    public long Faults { get; private set; }

    /// <summary>Something is wrong.</summary>
    /// <param name="kind">A stable word for what it is.</param>
    /// <param name="what">What is wrong, and where.</param>
    /// <param name="remedy">What to do.</param>
    public void Fault(string kind, string what, string remedy)
    {
        Faults++;
        var count = _kinds[kind] = _kinds.GetValueOrDefault(kind) + 1;
        if (count <= MostOfAKind)
            lines.Report($"FAULT {kind}: {what} -> {remedy}");
    }

    /// <summary>Something that an operator may want to know, and that is no fault.</summary>
    public void Note(string text) => lines.Report("note: " + text);

    /// <summary>Tells how many there were of what was not told one by one.</summary>
    public void Complete()
    {
        foreach (var (kind, count) in _kinds.Where(one => one.Value > MostOfAKind))
            lines.Report(string.Create(CultureInfo.InvariantCulture, $"FAULT {kind}: {count - MostOfAKind:N0} more, {count:N0} in all"));
    }
}
