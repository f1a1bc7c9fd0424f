using System.Runtime.InteropServices;

namespace ImageAspire.Imaging.Isolation.Sandbox;

/// <summary>
/// System calls that no decoder needs, and that code in one would use to get out. The filter also denies every call that is newer than
/// those listed here (<see cref="NewestKnown"/>).
/// </summary>
internal static class DeniedSystemCalls
{
    private const int None = -1;

    // Name, number on x64 (asm/unistd_64.h), number on arm64 (asm-generic/unistd.h); None where a platform has another call for it.
    private static readonly (string Name, int X64, int Arm64)[] All =
    [
        // Network: no socket of any family, also not through one that was inherited.
        ("socket", 41, 198), ("socketpair", 53, 199), ("connect", 42, 203), ("bind", 49, 200), ("listen", 50, 201), ("accept", 43, 202),
        ("accept4", 288, 242), ("sendto", 44, 206), ("recvfrom", 45, 207), ("sendmsg", 46, 211), ("recvmsg", 47, 212), ("sendmmsg", 307, 269),
        ("recvmmsg", 299, 243),

        // Other programs and processes. Threads are allowed, see SeccompFilter.
        ("execve", 59, 221), ("execveat", 322, 281), ("fork", 57, None), ("vfork", 58, None), ("ptrace", 101, 117), ("process_vm_readv", 310, 270),
        ("process_vm_writev", 311, 271), ("kcmp", 312, 272), ("get_robust_list", 274, 100), ("setns", 308, 268), ("unshare", 272, 97),
        ("setpriority", 141, 140), ("ioprio_set", 251, 30), ("sched_setscheduler", 144, 119), ("sched_setparam", 142, 118),
        ("sched_setattr", 314, 274), ("migrate_pages", 256, 238), ("move_pages", 279, 239), ("rt_sigqueueinfo", 129, 138),

        // Memory and queues that processes of one user share without a file.
        ("shmget", 29, 194), ("shmat", 30, 196), ("shmctl", 31, 195), ("semget", 64, 190), ("semop", 65, 193), ("semtimedop", 220, 192), ("semctl", 66, 191),
        ("msgget", 68, 186), ("msgsnd", 69, 189), ("msgrcv", 70, 188), ("msgctl", 71, 187), ("mq_open", 240, 180), ("mq_unlink", 241, 181),
        ("add_key", 248, 217), ("request_key", 249, 218), ("keyctl", 250, 219),

        // Changes of files. Landlock knows no right for the first ones, and old versions of it none for some of the others.
        ("chmod", 90, None), ("fchmod", 91, 52), ("fchmodat", 268, 53), ("chown", 92, None), ("fchown", 93, 55), ("lchown", 94, None), ("fchownat", 260, 54),
        ("setxattr", 188, 5), ("lsetxattr", 189, 6), ("fsetxattr", 190, 7), ("removexattr", 197, 14), ("lremovexattr", 198, 15), ("fremovexattr", 199, 16),
        ("utime", 132, None), ("utimes", 235, None), ("futimesat", 261, None), ("utimensat", 280, 88), ("creat", 85, None), ("truncate", 76, 45), ("unlink", 87, None),
        ("unlinkat", 263, 35), ("rename", 82, None), ("renameat", 264, 38), ("renameat2", 316, 276), ("mkdir", 83, None), ("mkdirat", 258, 34),
        ("rmdir", 84, None), ("mknod", 133, None), ("mknodat", 259, 33), ("link", 86, None), ("linkat", 265, 37), ("symlink", 88, None), ("symlinkat", 266, 36),

        // Looking at files by other ways than opening them.
        ("inotify_init", 253, None), ("inotify_init1", 294, 26), ("inotify_add_watch", 254, 27), ("fanotify_init", 300, 262), ("fanotify_mark", 301, 263),
        ("name_to_handle_at", 303, 264), ("open_by_handle_at", 304, 265),

        // Parts of the kernel that no decoder needs and that attacks begin with.
        ("bpf", 321, 280), ("userfaultfd", 323, 282), ("perf_event_open", 298, 241), ("modify_ldt", 154, None), ("io_setup", 206, 0), ("io_submit", 209, 2),
        ("personality", 135, 92), ("lookup_dcookie", 212, 18), ("uselib", 134, None), ("vmsplice", 278, 75),

        // For the case that the decoder stays root.
        ("setuid", 105, 146), ("setgid", 106, 144), ("setreuid", 113, 145), ("setregid", 114, 143), ("setresuid", 117, 147), ("setresgid", 119, 149),
        ("setgroups", 116, 159), ("setfsuid", 122, 151), ("setfsgid", 123, 152), ("capset", 126, 91), ("chroot", 161, 51), ("pivot_root", 155, 41),
        ("mount", 165, 40), ("umount2", 166, 39), ("swapon", 167, 224), ("swapoff", 168, 225), ("init_module", 175, 105), ("finit_module", 313, 273),
        ("delete_module", 176, 106), ("kexec_load", 246, 104), ("kexec_file_load", 320, 294), ("reboot", 169, 142), ("acct", 163, 89), ("quotactl", 179, 60),
        ("settimeofday", 164, 170), ("clock_settime", 227, 112), ("adjtimex", 159, 171), ("clock_adjtime", 305, 266), ("sethostname", 170, 161),
        ("setdomainname", 171, 162), ("iopl", 172, None), ("ioperm", 173, None), ("vhangup", 153, 58), ("syslog", 103, 116),
    ];

    /// <summary>Numbers here.</summary>
    public static IEnumerable<uint> Numbers => All.Select(call => IsArm64 ? call.Arm64 : call.X64).Where(number => number != None).Select(number => (uint)number);

    /// <summary>The last number before those that all platforms share, which begin at 424 and came with Linux 5.1.</summary>
    public static uint NewestKnown => IsArm64 ? 294u : 334u; // kexec_file_load, rseq

    private static bool IsArm64 => RuntimeInformation.ProcessArchitecture == Architecture.Arm64;
}
