using System.Diagnostics;

namespace ImageAspire.Core.Failpoints;

/// <summary>
/// Places in the code at which a test lets something go wrong: the process dies, stands still, throws or is slow. Calls exist in builds
/// with the symbol <c>FAILPOINTS</c> only (Debug, or <c>-p:Failpoints=true</c>; see Directory.Build.props), and do nothing there unless
/// the environment variable <see cref="Variable"/> says what is to happen where; see <see cref="FailpointPlan"/>.
/// </summary>
public static class Failpoint
{
    /// <summary>The environment variable with the plan.</summary>
    public const string Variable = "IMAGEASPIRE_FAILPOINTS";

    private static readonly FailpointPlan? Plan =
        Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } text ? FailpointPlan.Parse(text) : null;

    /// <summary>Marks that this place is reached.</summary>
    /// <param name="name">One of <see cref="FailpointNames"/>.</param>
    [Conditional("FAILPOINTS")]
    public static void Hit(string name) => Plan?.Hit(name);
}

/// <summary>What a failpoint with the action <c>throw</c> throws.</summary>
public sealed class FailpointException(string name) : Exception($"Failpoint '{name}'.");
