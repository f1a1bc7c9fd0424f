using System.Runtime.InteropServices;

namespace ImageAspire.Imaging.Isolation.Sandbox;

/// <summary>
/// seccomp: which system calls the threads of this process may make from now on. What is refused fails with an error and does not end the
/// process, because a library may try something and do without.
/// </summary>
internal static unsafe class SeccompFilter
{
    private const int SetFilter = 1, IsActionAvailable = 2; // SECCOMP_SET_MODE_FILTER, SECCOMP_GET_ACTION_AVAIL
    private const int AllThreads = 1; // SECCOMP_FILTER_FLAG_TSYNC
    private const uint Errno = 0x00050000; // SECCOMP_RET_ERRNO
    private const uint X64 = 0xC000003E, Arm64 = 0xC00000B7; // AUDIT_ARCH_*
    private const uint Thread = 0x00010000; // CLONE_THREAD
    private const uint Writing = 0x3 | 0x40 | 0x200; // O_WRONLY, O_RDWR, O_CREAT, O_TRUNC

    // From 424 on the numbers are the same everywhere. clone3 is not among these: its flags are in memory, which a filter cannot read, and
    // the C library falls back to clone.
    private const uint CloseRange = 436, Accessible = 439, WaitForEvents = 441, WaitForFutexes = 449;

    /// <summary>Whether the kernel has it, and we know the numbers of this processor's system calls.</summary>
    public static bool IsAvailable
    {
        get
        {
            var action = Errno;
            return OperatingSystem.IsLinux() && RuntimeInformation.ProcessArchitecture is Architecture.X64 or Architecture.Arm64
                && LinuxCalls.Call(LinuxCalls.Seccomp, IsActionAvailable, 0, (nint)(&action), 0) == 0;
        }
    }

    /// <summary>Puts the filter on all threads of this process, for ever. Needs <see cref="LinuxCalls.GiveUpNewPrivileges"/>.</summary>
    public static void Apply()
    {
        fixed (FilterInstruction* filter = Filter((uint)Environment.ProcessId, out var length))
        {
            var program = new Program { Length = length, Filter = filter };
            var result = LinuxCalls.Check(LinuxCalls.Call(LinuxCalls.Seccomp, SetFilter, AllThreads, (nint)(&program), 0), "seccomp");
            if (result > 0)
                throw new InvalidOperationException($"seccomp: thread {result} cannot take the filter.");
        }
    }

    private static FilterInstruction[] Filter(uint process, out ushort length)
    {
        var isArm64 = RuntimeInformation.ProcessArchitecture == Architecture.Arm64;
        var filter = new FilterBuilder(isArm64 ? Arm64 : X64);
        foreach (var call in DeniedSystemCalls.Numbers)
            filter.Deny(call);

        filter.AllowIfAnyBit(isArm64 ? 220u : 56, 0, Thread); // clone: threads, and no process that would outlive this one
        filter.AllowIfNoBit(isArm64 ? 56u : 257, 2, Writing); // openat
        if (!isArm64)
            filter.AllowIfNoBit(2, 1, Writing); // open

        // Signals to itself: the runtime suspends threads by them, and abort is one. musl sends them to threads without naming the process.
        filter.AllowIfEqual(isArm64 ? 129u : 62, 0, process, process); // kill
        filter.AllowIfEqual(isArm64 ? 131u : 234, 0, process, process); // tgkill
        filter.AllowIfEqual(isArm64 ? 240u : 297, 0, process, process); // rt_tgsigqueueinfo
        if (!RuntimeInformation.RuntimeIdentifier.Contains("musl", StringComparison.Ordinal))
            filter.Deny(isArm64 ? 130u : 200); // tkill

        // Both could also change other processes of the same user.
        filter.AllowIfEqual(isArm64 ? 261u : 302, 0, 0, process); // prlimit64
        filter.AllowIfEqual(isArm64 ? 122u : 203, 0, 0, process); // sched_setaffinity, which each new thread of the runtime calls

        var instructions = filter.AllowUpTo(DeniedSystemCalls.NewestKnown, CloseRange, Accessible, WaitForEvents, WaitForFutexes);
        length = (ushort)instructions.Length;
        return instructions;
    }

    // struct sock_fprog.
    [StructLayout(LayoutKind.Sequential)]
    private struct Program
    {
        public ushort Length;
        public FilterInstruction* Filter;
    }
}
