namespace ImageAspire.Tests;

/// <summary>Events in the lines of a console, which shows their ids, <c>Category[id]</c>, and not their names.</summary>
internal static class LogEvents
{
    /// <summary>Whether a line is of the event with this name.</summary>
    public static bool IsEvent(string line, string name) => line.Contains($"[{IdOf(name)}]", StringComparison.Ordinal);

    /// <summary>The id that the generator of <c>LoggerMessage</c> derives from a name: its 32-bit FNV-1a hash, without the sign.</summary>
    public static int IdOf(string name) => Math.Abs((int)name.Aggregate(2166136261, (hash, character) => (hash ^ character) * 16777619));
}
