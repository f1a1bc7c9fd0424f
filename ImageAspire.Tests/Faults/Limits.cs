using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;

namespace ImageAspire.Tests.Faults;

/// <summary>Limits of running processes, as <c>prlimit</c> sets them. A user may lower those of his own processes, and raise them again up to the hard one.</summary>
internal static partial class Limits
{
    private const int FileSize = 1, OpenFiles = 7; // RLIMIT_FSIZE, RLIMIT_NOFILE of Linux

    /// <summary>Lets a process write no file beyond a length: what a full disk, or a quota, does to it.</summary>
    public static void SetFileSize(int process, ulong? bytes) => Set(process, FileSize, bytes);

    /// <summary>Lets a process open no further files beyond so many; those that are open stay open.</summary>
    public static void SetOpenFiles(int process, ulong? files) => Set(process, OpenFiles, files);

    private static void Set(int process, int what, ulong? soft)
    {
        if (Call(process, what, IntPtr.Zero, out var before) != 0)
            throw new Win32Exception();
        var limit = new Pair { Soft = Math.Min(soft ?? ulong.MaxValue, before.Hard), Hard = before.Hard };
        if (Change(process, what, in limit, IntPtr.Zero) != 0)
            throw new Win32Exception();
    }

    [LibraryImport("libc", EntryPoint = "prlimit", SetLastError = true)]
    private static partial int Call(int process, int what, IntPtr none, out Pair before);

    [LibraryImport("libc", EntryPoint = "prlimit", SetLastError = true)]
    private static partial int Change(int process, int what, in Pair limit, IntPtr none);

    [StructLayout(LayoutKind.Sequential)]
    private struct Pair
    {
        public ulong Soft, Hard;
    }
}

/// <summary>A disk of 32 MiB in memory, mounted on a folder; it takes root.</summary>
internal sealed class SmallDisk : IDisposable
{
    private readonly string _folder;

    private SmallDisk(string folder) => _folder = folder;

    /// <summary>Mounts one; null when this user may not.</summary>
    public static SmallDisk? TryMount(string folder) =>
        OperatingSystem.IsLinux() && Run("mount", "-t", "tmpfs", "-o", "size=32m", "tmpfs", folder) ? new SmallDisk(folder) : null;

    /// <summary>Uses up all that is left.</summary>
    public void Fill()
    {
        using var file = new FileStream(Path.Combine(_folder, "fill"), FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
        var piece = new byte[4096];
        try
        {
            while (true)
                file.Write(piece);
        }
        catch (IOException)
        {
            // Full.
        }
    }

    /// <summary>Makes room again.</summary>
    public void Free() => File.Delete(Path.Combine(_folder, "fill"));

    /// <summary>Mounts it again, for reading only or for writing too; false while a file of it is open for writing.</summary>
    public bool TrySetReadOnly(bool readOnly) => Run("mount", "-o", readOnly ? "remount,ro" : "remount,rw", _folder);

    /// <summary>Unmounts it, also while a file is open.</summary>
    public void Dispose() => Run("umount", "--lazy", _folder);

    /// <summary>Runs a command of the system; whether it succeeded.</summary>
    public static bool Run(string command, params string[] arguments)
    {
        var start = new ProcessStartInfo(command) { RedirectStandardError = true, RedirectStandardOutput = true };
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);
        try
        {
            using var process = Process.Start(start)!;
            process.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (Win32Exception)
        {
            return false; // there is no such command
        }
    }
}
