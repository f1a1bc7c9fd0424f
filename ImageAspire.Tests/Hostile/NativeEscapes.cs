using System.Runtime.InteropServices;

namespace ImageAspire.Tests.Hostile;

/// <summary>Attempts for which .NET has no method (Linux, x64 and arm64).</summary>
internal static unsafe partial class NativeEscapes
{
    private const int NoSuchFile = 2; // ENOENT
    private const int OpenFiles = 7; // RLIMIT_NOFILE
    private const nint Seize = 0x4206; // PTRACE_SEIZE: does not stop the process

    [LibraryImport("libc", EntryPoint = "getppid")]
    public static partial int Parent();

    [LibraryImport("libc", EntryPoint = "truncate", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Truncate(string path, long length);

    [LibraryImport("libc", EntryPoint = "link", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Link(string path, string name);

    [LibraryImport("libc", EntryPoint = "kill")]
    public static partial int Kill(int process, int signal);

    [LibraryImport("libc", EntryPoint = "shmat")]
    public static partial nint AttachMemory(int id, nint address, int flags);

    [LibraryImport("libc", EntryPoint = "inotify_init1")]
    public static partial int InitializeWatch(int flags);

    [LibraryImport("libc", EntryPoint = "setresuid")]
    public static partial int SetUser(uint real, uint effective, uint saved);

    public static bool SignalThread(int thread) => Call(RuntimeInformation.ProcessArchitecture == System.Runtime.InteropServices.Architecture.Arm64 ? 130 : 200, thread, 0) == 0;

    public static bool ReadsLimits(int process)
    {
        var limits = stackalloc ulong[2];
        return Limits(process, OpenFiles, 0, limits) == 0;
    }

    public static bool SetsProcessors(int process)
    {
        var processors = 1UL;
        return SetProcessors(process, sizeof(ulong), &processors) == 0;
    }

    public static bool Attaches(int process) => Trace(Seize, process, 0, 0) == 0;

    public static bool ReadsMemory(int process, long address)
    {
        var read = 0L;
        var here = new Piece { Address = (nint)(&read), Length = sizeof(long) };
        var there = new Piece { Address = (nint)address, Length = sizeof(long) };
        return ReadMemory(process, &here, 1, &there, 1, 0) == sizeof(long);
    }

    /// <summary>Whether the system looks for the program at all.</summary>
    public static bool MayExecute() => Execute("/no/such/program", [null]) != 0 && Marshal.GetLastPInvokeError() == NoSuchFile;

    [LibraryImport("libc", EntryPoint = "syscall")]
    private static partial nint Call(nint number, nint first, nint second);

    [LibraryImport("libc", EntryPoint = "prlimit")]
    private static partial int Limits(int process, int resource, nint changed, ulong* current);

    [LibraryImport("libc", EntryPoint = "sched_setaffinity")]
    private static partial int SetProcessors(int process, nuint bytes, ulong* processors);

    [LibraryImport("libc", EntryPoint = "ptrace")]
    private static partial nint Trace(nint request, nint process, nint address, nint data);

    [LibraryImport("libc", EntryPoint = "process_vm_readv")]
    private static partial nint ReadMemory(int process, Piece* here, nuint hereCount, Piece* there, nuint thereCount, nuint flags);

    [LibraryImport("libc", EntryPoint = "execv", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Execute(string path, string?[] arguments);

    [StructLayout(LayoutKind.Sequential)]
    private struct Piece
    {
        public nint Address;
        public nuint Length;
    }
}
