using System.Runtime.InteropServices;

namespace ImageAspire.Imaging.Isolation;

/// <summary>
/// Limits that a decoder process puts on itself before it reads an image. A process without privileges cannot lift them again.
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

    // What the runtime and libvips hold open, with some margin.
    private const long MaxOpenFiles = 128;

    private static long _fileBytes;

    /// <summary>Ends this process when the Worker is gone, even while native code runs and the input is not read.</summary>
    public static void EndWithParent()
    {
        if (OperatingSystem.IsWindows())
            return; // the Worker's end closes the input, which is read between images
        new Thread(() =>
        {
            // No event is requested, so it returns only when the other end is closed, and leaves the pipe's content to its reader.
            var watched = new PollFd { Descriptor = Input };
            while (Poll(ref watched, 1, -1) <= 0)
            {
                // Interrupted by a signal.
            }

            EndNow(0);
        }, maxStackSize: 128 << 10) { IsBackground = true, Name = "parent" }.Start();
    }

    /// <summary>Sets the limits, where the platform has them.</summary>
    /// <param name="memoryBytes">The Worker ends a decoder that takes more.</param>
    public static void Apply(long memoryBytes)
    {
        if (!OperatingSystem.IsLinux())
            return;
        _ = ControlDescriptor(Input, SetPipeSize, 1 << 20); // fewer context switches; stays smaller where that is not allowed
        _ = ControlProcess(NoNewPrivileges, 1, 0, 0, 0);
        Limit(Core, 0);
        Limit(OpenFiles, MaxOpenFiles);
        Limit(Data, memoryBytes + memoryBytes / 4); // the Worker checks at intervals and reports the reason; this holds in between
        // No byte into any file, except within AllowFiles; pipes are not files. A write fails instead of killing the process.
        _ = HandleSignal(FileTooLarge, Ignore);
        _fileBytes = memoryBytes;
        AllowFiles(false);
    }

    /// <summary>
    /// Whether this process may write files, of at most the size of its memory: for a file in memory, which the codec of HEIC reads. The sandbox allows no
    /// others in any case. Without effect before <see cref="Apply"/>.
    /// </summary>
    public static void AllowFiles(bool allowed)
    {
        if (_fileBytes > 0)
            Limit(FileSize, allowed ? _fileBytes : 0, _fileBytes);
    }

    /// <summary>When memory is short, the kernel ends this process before others. Inherited by the program that it starts.</summary>
    public static void BeFirstOomVictim()
    {
        if (!OperatingSystem.IsLinux())
            return;
        try
        {
            File.WriteAllText("/proc/self/oom_score_adj", "1000");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            Console.Error.WriteLine($"oom_score_adj: {error.Message}");
        }
    }

    private static void Limit(int resource, long max) => Limit(resource, max, max);

    private static void Limit(int resource, long soft, long hard)
    {
        var limit = new ResourceLimit { Soft = (ulong)soft, Hard = (ulong)hard };
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
        public short Events;
        public short ReturnedEvents;
    }
}
