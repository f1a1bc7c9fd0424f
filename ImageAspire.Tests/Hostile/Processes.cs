using System.Runtime.InteropServices;

namespace ImageAspire.Tests.Hostile;

/// <summary>Processes by their number; only such as the tests have started.</summary>
internal static partial class Processes
{
    /// <summary>SIGSTOP (Linux).</summary>
    public const int Stop = 19;

    /// <summary>SIGCONT (Linux).</summary>
    public const int Continue = 18;

    /// <summary>Whether it runs; a zombie does not (Linux).</summary>
    public static bool IsAlive(int id) => StateOf(id) is [not "Z" and not "X", ..];

    public static void Kill(int id) => Signal(id, 9);

    public static void Signal(int id, int signal) => Send(id, signal).ShouldBe(0);

    /// <summary>Processes that a process has started and that still live (Linux).</summary>
    public static IReadOnlyList<int> ChildrenOf(int id) =>
        [.. Directory.EnumerateDirectories("/proc").Select(Path.GetFileName).Where(name => int.TryParse(name, out _)).Select(name => int.Parse(name!)).Where(one => ParentOf(one) == id)];

    /// <summary>Processes that have this text in a file of theirs below <c>/proc</c>: <c>cmdline</c>, <c>environ</c> (Linux).</summary>
    public static IReadOnlyList<int> With(string file, string text) => [.. Directory.EnumerateDirectories("/proc").Select(Path.GetFileName).Where(one => int.TryParse(one, out _))
        .Select(one => int.Parse(one!)).Where(one => Read(one, file).Contains(text, StringComparison.Ordinal))];

    /// <summary>Processes whose environment has a variable with this value (Linux).</summary>
    public static List<int> WithVariable(string name, string value) =>
        [.. Directory.EnumerateDirectories("/proc").Select(Path.GetFileName).Where(one => int.TryParse(one, out _)).Select(one => int.Parse(one!)).Where(one => HasVariable(one, $"{name}={value}"))];

    /// <summary>A variable of a process' environment; null for none (Linux).</summary>
    public static string? VariableOf(int id, string name) =>
        File.ReadAllText($"/proc/{id}/environ").Split('\0').FirstOrDefault(one => one.StartsWith(name + "=", StringComparison.Ordinal))?[(name.Length + 1)..];

    private static bool HasVariable(int id, string variable) => Read(id, "environ").Split('\0').Contains(variable) && IsAlive(id);

    private static string Read(int id, string file)
    {
        try
        {
            return File.ReadAllText($"/proc/{id}/{file}");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return ""; // it has ended, or is another user's
        }
    }

    private static int ParentOf(int id) => StateOf(id) is [_, var parent, ..] ? int.Parse(parent) : 0;

    // proc(5): number, (name), state, parent, … A name may have spaces and brackets of its own. Empty: has ended.
    private static string[] StateOf(int id)
    {
        try
        {
            var line = File.ReadAllText($"/proc/{id}/stat");
            return line[(line.LastIndexOf(')') + 2)..].Split(' ');
        }
        catch (IOException)
        {
            return [];
        }
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Send(int process, int signal);
}
