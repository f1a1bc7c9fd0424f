using System.Runtime.InteropServices;

namespace ImageAspire.Tests.Hostile;

/// <summary>Processes by their number; only such as the tests have started.</summary>
internal static partial class Processes
{
    /// <summary>Whether it runs; one that has ended and waits for somebody to ask how does not (Linux).</summary>
    public static bool IsAlive(int id) => StateOf(id) is [not "Z" and not "X", ..];

    public static void Kill(int id) => Signal(id, 9);

    public static void Signal(int id, int signal) => Send(id, signal).ShouldBe(0);

    /// <summary>Processes that a process has started and that still live (Linux).</summary>
    public static IReadOnlyList<int> ChildrenOf(int id) =>
        [.. Directory.EnumerateDirectories("/proc").Select(Path.GetFileName).Where(name => int.TryParse(name, out _)).Select(name => int.Parse(name!)).Where(one => ParentOf(one) == id)];

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
