namespace ImageAspire.Imaging.Isolation.Sandbox;

/// <summary>
/// Puts a decoder process into its sandbox, before it reads anything from the Worker. Landlock restricts single threads, and the runtime
/// has some before <c>Main</c> begins; therefore the process restricts one thread and starts its own program again on it: the same
/// process, with the same pipes, restricted as a whole. Then seccomp takes away, among other things, the right to start programs.
/// </summary>
internal static class DecoderSandbox
{
    /// <summary>The last argument of a decoder that shall enter its sandbox.</summary>
    public const string Enter = "sandbox";

    /// <summary>The same after the second start.</summary>
    public const string Entered = "sandboxed";

    private const int FirstUnneeded = 3, OnExecute = 4; // after standard input, output and error; CLOSE_RANGE_CLOEXEC

    /// <summary>Goes on only when this process is in its sandbox, or is to have none.</summary>
    /// <exception cref="System.ComponentModel.Win32Exception">The kernel refused. No image may be read.</exception>
    public static void Pass(IReadOnlyList<string> args)
    {
        if (!HasEntered(args))
            DecoderConfinement.BeFirstOomVictim(); // the sandbox would forbid it
        if (args is [.., Enter])
            StartAgain();
        if (!HasEntered(args) || !SeccompFilter.IsAvailable)
            return;
        LinuxCalls.GiveUpNewPrivileges();
        SeccompFilter.Apply();
    }

    /// <summary>What is not as it should be in the sandbox; null for nothing. What the kernel lacks, the Worker knows.</summary>
    public static string? Warning(IReadOnlyList<string> args) => HasEntered(args) && UnprivilegedUser.IsRoot
        ? $"Decoders run as root, because the user {UnprivilegedUser.Id} does not exist here or cannot read the program's files." : null;

    private static bool HasEntered(IReadOnlyList<string> args) => args is [.., Entered];

    private static void StartAgain()
    {
        var arguments = File.ReadAllText("/proc/self/cmdline").TrimEnd('\0').Split('\0');
        arguments[^1] = Entered;
        var files = SandboxFiles.OfThisProgram();
        using var rules = Rules(files);
        WorkInNamelessFolder();
        UnprivilegedUser.BecomeWherePossible(files);
        LinuxCalls.GiveUpNewPrivileges();
        rules?.RestrictThread();
        _ = LinuxCalls.Call(LinuxCalls.CloseRange, FirstUnneeded, int.MaxValue, OnExecute, 0); // whatever the Worker's parent left open
        LinuxCalls.Check(LinuxCalls.Execute(Environment.ProcessPath!, [.. arguments, null]), "execv");
    }

    // Null where the kernel has no Landlock; the Worker knows it, too.
    private static Landlock? Rules(SandboxFiles files)
    {
        if (Landlock.Version is not (> 0 and var version))
            return null;
        var rules = new Landlock(version);
        foreach (var folder in files.Folders)
            rules.AllowFolder(folder);
        foreach (var file in files.Files)
            rules.AllowFile(file);
        foreach (var program in files.Programs)
            rules.AllowProgram(program);
        return rules;
    }

    // A folder that is removed while a process works in it stays empty: nothing can be created in it. It ends with the process.
    private static void WorkInNamelessFolder()
    {
        try
        {
            var folder = Directory.CreateTempSubdirectory("imageaspire-decoder-").FullName;
            Environment.CurrentDirectory = folder;
            Directory.Delete(folder);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // No place for it; then it stays in the root folder, which it cannot read.
        }
    }
}
