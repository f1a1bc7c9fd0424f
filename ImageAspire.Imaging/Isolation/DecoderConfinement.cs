using System.Runtime.InteropServices;

namespace ImageAspire.Imaging.Isolation;

/// <summary>
/// What a decoder gives up before it sees a picture. It is started by a Worker that may do more; nothing here can be taken back
/// by a process without privileges.
/// </summary>
internal static partial class DecoderConfinement
{
    private const int NoNewPrivileges = 38; // PR_SET_NO_NEW_PRIVS
    private const int SetPipeSize = 1031; // F_SETPIPE_SZ
    private const int FileTooLarge = 25; // SIGXFSZ
    private const nint Ignore = 1; // SIG_IGN
    private const int Input = 0;

    // Linux' numbers (asm-generic/resource.h).
    private const int FileSize = 1, Data = 2, Core = 4, OpenFiles = 7;

    // What the runtime and libvips hold open, and some.
    private const long MostOpenFiles = 128;

    /// <summary>Ends this process when the Worker is gone, even while native code runs and nobody reads the input.</summary>
    public static void EndWithParent()
    {
        if (OperatingSystem.IsWindows())
            return; // the Worker's end closes the input, which is read between pictures
        new Thread(() =>
        {
            // No events are asked for: it returns when the other end is closed, and leaves what is in the pipe to its reader.
            var watched = new PollFd { Descriptor = Input };
            while (Poll(ref watched, 1, -1) <= 0)
            {
                // Interrupted by a signal.
            }

            EndNow(0);
        }, maxStackSize: 128 << 10) { IsBackground = true, Name = "parent" }.Start();
    }

    /// <summary>Sets the limits of this process. What a platform does not have is left out.</summary>
    /// <param name="memoryBytes">Most memory; the Worker ends a decoder that takes more.</param>
    public static void Apply(long memoryBytes)
    {
        if (!OperatingSystem.IsLinux())
            return;
        _ = ControlDescriptor(Input, SetPipeSize, 1 << 20); // fewer changes between the two processes; smaller where it is not allowed
        GoFirstWhenMemoryIsShort();
        _ = ControlProcess(NoNewPrivileges, 1, 0, 0, 0);
        Limit(Core, 0);
        Limit(OpenFiles, MostOpenFiles);
        Limit(Data, memoryBytes + memoryBytes / 4); // the Worker looks every now and then, and says why; this holds in between
        // Not a byte into any file; pipes are not files. Who tries is told so and not killed: a library that would keep generated
        // code in a temporary file (orc, which the system's libvips may use) keeps it in memory then.
        _ = HandleSignal(FileTooLarge, Ignore);
        Limit(FileSize, 0);
    }

    private static void GoFirstWhenMemoryIsShort()
    {
        try
        {
            File.WriteAllText("/proc/self/oom_score_adj", "1000");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            Console.Error.WriteLine($"oom_score_adj: {error.Message}");
        }
    }

    private static void Limit(int resource, long most)
    {
        var limit = new ResourceLimit { Soft = (ulong)most, Hard = (ulong)most };
        if (SetLimit(resource, ref limit) != 0)
            Console.Error.WriteLine($"setrlimit {resource}: error {Marshal.GetLastPInvokeError()}");
    }

    [LibraryImport("libc", EntryPoint = "setrlimit", SetLastError = true)]
    private static partial int SetLimit(int resource, ref ResourceLimit limit);

    [LibraryImport("libc", EntryPoint = "prctl")]
    private static partial int ControlProcess(int option, nuint second, nuint third, nuint fourth, nuint fifth);

    [LibraryImport("libc", EntryPoint = "signal")]
    private static partial nint HandleSignal(int signal, nint handler);

    [LibraryImport("libc", EntryPoint = "fcntl")]
    private static partial int ControlDescriptor(int descriptor, int command, int argument);

    [LibraryImport("libc", EntryPoint = "poll")]
    private static partial int Poll(ref PollFd descriptors, nuint count, int milliseconds);

    [LibraryImport("libc", EntryPoint = "_exit")]
    private static partial void EndNow(int code);

    [StructLayout(LayoutKind.Sequential)]
    private struct ResourceLimit
    {
        public ulong Soft;
        public ulong Hard;
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct PollFd
    {
        public int Descriptor;
        public short Wanted;
        public short Answered;
    }
}
