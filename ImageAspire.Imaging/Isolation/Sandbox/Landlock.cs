using System.Runtime.InteropServices;

namespace ImageAspire.Imaging.Isolation.Sandbox;

/// <summary>
/// Landlock (<c>linux/landlock.h</c>): the kernel refuses every access to files that no rule allows, every TCP port, and signals and
/// abstract sockets to the outside, to the thread that restricts itself and to all that it starts.
/// </summary>
internal sealed unsafe class Landlock : IDisposable
{
    private const int OnlyVersion = 1; // LANDLOCK_CREATE_RULESET_VERSION
    private const int PathBeneath = 1; // LANDLOCK_RULE_PATH_BENEATH

    // LANDLOCK_ACCESS_FS_*.
    private const ulong Execute = 1, ReadFile = 1 << 2, ReadFolder = 1 << 3;
    private readonly int _ruleset;

    /// <summary>A set of rules that allows nothing yet.</summary>
    /// <param name="version">The kernel's, at least 1.</param>
    public Landlock(int version)
    {
        var attributes = new Attributes
        {
            // Every right that this version knows: 13, then REFER (2), TRUNCATE (3) and IOCTL_DEV (5).
            Files = (1UL << (version switch { 1 => 13, 2 => 14, 3 or 4 => 15, _ => 16 })) - 1,
            Ports = version >= 4 ? 3UL : 0, // bind and connect by TCP
            Scopes = version >= 6 ? 3UL : 0, // abstract UNIX sockets and signals
        };
        _ruleset = (int)LinuxCalls.Check(LinuxCalls.Call(LinuxCalls.CreateRuleset, (nint)(&attributes), sizeof(Attributes), 0, 0), "landlock_create_ruleset");
    }

    /// <summary>The version that the kernel has; 0 for none.</summary>
    public static int Version => OperatingSystem.IsLinux() ? Math.Max(0, (int)LinuxCalls.Call(LinuxCalls.CreateRuleset, 0, 0, OnlyVersion, 0)) : 0;

    /// <summary>Allows reading a folder with all that is below it. Nothing happens when it does not exist.</summary>
    public void AllowFolder(string path) => Allow(path, ReadFile | ReadFolder);

    /// <summary>Allows reading a file. Nothing happens when it does not exist.</summary>
    public void AllowFile(string path) => Allow(path, ReadFile);

    /// <summary>Allows reading and starting a program.</summary>
    public void AllowProgram(string path) => Allow(path, ReadFile | Execute);

    /// <summary>Restricts the calling thread for ever, and what it starts. Needs <see cref="LinuxCalls.GiveUpNewPrivileges"/>.</summary>
    public void RestrictThread() => LinuxCalls.Check(LinuxCalls.Call(LinuxCalls.RestrictSelf, _ruleset, 0, 0, 0), "landlock_restrict_self");

    public void Dispose() => _ = LinuxCalls.Close(_ruleset);

    private void Allow(string path, ulong rights)
    {
        var descriptor = LinuxCalls.OpenPath(path);
        if (descriptor < 0)
            return;
        try
        {
            var rule = new PathRule { Rights = rights, Descriptor = descriptor };
            LinuxCalls.Check(LinuxCalls.Call(LinuxCalls.AddRule, _ruleset, PathBeneath, (nint)(&rule), 0), $"landlock_add_rule {path}");
        }
        finally
        {
            _ = LinuxCalls.Close(descriptor);
        }
    }

    // struct landlock_ruleset_attr. An older kernel accepts the longer one of a newer one as long as the rest is zero.
    [StructLayout(LayoutKind.Sequential)]
    private struct Attributes
    {
        public ulong Files;
        public ulong Ports;
        public ulong Scopes;
    }

    // struct landlock_path_beneath_attr.
    [StructLayout(LayoutKind.Sequential, Pack = 1)]
    private struct PathRule
    {
        public ulong Rights;
        public int Descriptor;
    }
}
