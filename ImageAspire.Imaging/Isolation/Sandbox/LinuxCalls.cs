using System.ComponentModel;
using System.Runtime.InteropServices;

namespace ImageAspire.Imaging.Isolation.Sandbox;

/// <summary>
/// System calls of Linux, x64 and arm64 (<c>asm/unistd.h</c>, <c>linux/prctl.h</c>). Calls that the C library has no function for go
/// through <c>syscall</c>; those from 424 on have the same number everywhere.
/// </summary>
internal static unsafe partial class LinuxCalls
{
    public const nint CloseRange = 436, CreateRuleset = 444, AddRule = 445, RestrictSelf = 446;

    private const int SetNoNewPrivileges = 38; // PR_SET_NO_NEW_PRIVS
    private const int PathOnly = 0x200000, CloseOnExec = 0x80000; // O_PATH, O_CLOEXEC

    /// <summary>Number of <c>seccomp</c> here.</summary>
    public static nint Seccomp => RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? 277 : 317;

    /// <summary>A descriptor for a file or folder that can only name it; negative when there is none.</summary>
    public static int OpenPath(string path) => Open(path, PathOnly | CloseOnExec);

    /// <summary>Gives up every way to gain privileges. The kernel requires it before a sandbox.</summary>
    public static void GiveUpNewPrivileges() => Check(Control(SetNoNewPrivileges, 1, 0, 0, 0), "prctl(PR_SET_NO_NEW_PRIVS)");

    /// <exception cref="Win32Exception">The call failed.</exception>
    public static nint Check(nint result, string call) =>
        result >= 0 ? result : throw new Win32Exception(Marshal.GetLastPInvokeError(), $"{call}: {Marshal.GetLastPInvokeErrorMessage()}");

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    public static partial nint Call(nint number, nint first, nint second, nint third, nint fourth);

    /// <summary>Replaces the program of this process. Returns on failure only.</summary>
    /// <param name="program">A full path.</param>
    /// <param name="arguments">With the program's name first and null last.</param>
    [LibraryImport("libc", EntryPoint = "execv", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Execute(string program, string?[] arguments);

    [LibraryImport("libc", EntryPoint = "access", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Access(string path, int mode);

    [LibraryImport("libc", EntryPoint = "close")]
    public static partial int Close(int descriptor);

    [LibraryImport("libc", EntryPoint = "geteuid")]
    public static partial uint EffectiveUser();

    [LibraryImport("libc", EntryPoint = "setgroups", SetLastError = true)]
    public static partial int SetGroups(nuint count, uint* groups);

    [LibraryImport("libc", EntryPoint = "setresgid", SetLastError = true)]
    public static partial int SetGroup(uint real, uint effective, uint saved);

    [LibraryImport("libc", EntryPoint = "setresuid", SetLastError = true)]
    public static partial int SetUser(uint real, uint effective, uint saved);

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "prctl", SetLastError = true)]
    private static partial int Control(int option, nuint second, nuint third, nuint fourth, nuint fifth);
}
