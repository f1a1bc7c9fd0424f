namespace ImageAspire.Core.Errors;

/// <summary>
/// Why an attempt failed: the closed list of <see cref="Fault.Cause"/>, which separates a time limit of ours from a fault of a dependency. Part of the
/// contract with operators; docs/errors.md says what to do about each.
/// </summary>
public static class FaultCauses
{
    /// <summary>The stage's own time limit ended the attempt. The dependency, if any, is the one whose answer was awaited.</summary>
    public const string TimeLimit = "time-limit";

    /// <summary>There was no connection to the dependency: refused, broken, or its name is unknown.</summary>
    public const string DependencyAway = "dependency-away";

    /// <summary>The dependency answered and refuses us: credentials, rights, or something that we named does not exist there.</summary>
    public const string DependencyRefused = "dependency-refused";

    /// <summary>The dependency did not answer within the time limit of the call.</summary>
    public const string DependencySlow = "dependency-slow";

    /// <summary>The dependency answered that it failed, is full or throttles; or it lacks what was stored there.</summary>
    public const string DependencyFailed = "dependency-failed";

    /// <summary>The image itself: it cannot be decoded, or the analyser does not take it.</summary>
    public const string ImageRefused = "image-refused";

    /// <summary>The process that did the work died.</summary>
    public const string ProcessDied = "process-died";

    /// <summary>Others changed the same record at the same time, again and again.</summary>
    public const string Conflict = "conflict";

    /// <summary>An error that nothing here expects: a fault of this program until the log shows otherwise.</summary>
    public const string OurFault = "our-fault";

    /// <summary>All of them.</summary>
    public static readonly IReadOnlyList<string> All =
        [TimeLimit, DependencyAway, DependencyRefused, DependencySlow, DependencyFailed, ImageRefused, ProcessDied, Conflict, OurFault];
}
