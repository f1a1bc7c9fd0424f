using System.ComponentModel;
using System.Diagnostics;

namespace ImageAspire.Tests.Faults.Crashes;

/// <summary>
/// The system's clock as other processes see it: it can be set while they run. What measures the time that passes is not touched by that, and the
/// machine's own clock stays as it is. A library that is loaded before the C library moves it; that takes Linux and a C compiler.
/// </summary>
internal sealed class ProcessClock : IDisposable
{
    private const string Variable = "IMAGEASPIRE_TEST_CLOCK";

    private const string Source = $$"""
        #define _GNU_SOURCE
        #include <fcntl.h>
        #include <stdlib.h>
        #include <sys/mman.h>
        #include <sys/syscall.h>
        #include <sys/time.h>
        #include <time.h>
        #include <unistd.h>

        static volatile const long *offset; /* seconds, in a file that all processes have mapped */

        __attribute__((constructor)) static void find_offset(void)
        {
            const char *path = getenv("{{Variable}}");
            int file = path ? open(path, O_RDONLY | O_CLOEXEC) : -1;
            if (file < 0)
                return;
            void *map = mmap(0, sizeof(long), PROT_READ, MAP_SHARED, file, 0);
            close(file);
            if (map != MAP_FAILED)
                offset = map;
        }

        int clock_gettime(clockid_t clock, struct timespec *now)
        {
            int result = syscall(SYS_clock_gettime, clock, now);
            if (result == 0 && offset && (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE))
                now->tv_sec += *offset;
            return result;
        }

        int gettimeofday(struct timeval *now, void *zone)
        {
            struct timespec precise;
            clock_gettime(CLOCK_REALTIME, &precise);
            now->tv_sec = precise.tv_sec;
            now->tv_usec = precise.tv_nsec / 1000;
            return 0;
        }

        time_t time(time_t *at)
        {
            struct timespec precise;
            clock_gettime(CLOCK_REALTIME, &precise);
            if (at)
                *at = precise.tv_sec;
            return precise.tv_sec;
        }
        """;

    private readonly string _folder = Directory.CreateTempSubdirectory("imageaspire-clock-").FullName;

    private ProcessClock() => Set(TimeSpan.Zero);

    /// <summary>Variables of the processes whose clock it is.</summary>
    public IReadOnlyDictionary<string, string> Environment => new Dictionary<string, string> { ["LD_PRELOAD"] = Library, [Variable] = Offset };

    private string Library => Path.Combine(_folder, "clock.so");

    private string Offset => Path.Combine(_folder, "offset");

    /// <summary>Makes one; null on other systems, and without a C compiler.</summary>
    public static ProcessClock? TryCreate()
    {
        if (!OperatingSystem.IsLinux())
            return null;
        var clock = new ProcessClock();
        if (clock.Compile())
            return clock;
        clock.Dispose();
        return null;
    }

    /// <summary>Sets it: the true time and so much.</summary>
    public void Set(TimeSpan offset)
    {
        // In place: the processes have mapped this file.
        using var file = File.OpenHandle(Offset, FileMode.OpenOrCreate, FileAccess.Write, FileShare.ReadWrite);
        RandomAccess.Write(file, BitConverter.GetBytes((long)offset.TotalSeconds), 0);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private bool Compile()
    {
        var source = Path.Combine(_folder, "clock.c");
        File.WriteAllText(source, Source);
        try
        {
            using var compiler = Process.Start(new ProcessStartInfo("cc", ["-shared", "-fPIC", "-O1", "-o", Library, source]) { RedirectStandardError = true })!;
            var said = compiler.StandardError.ReadToEnd();
            compiler.WaitForExit();
            return compiler.ExitCode == 0 ? true : throw new InvalidOperationException(said);
        }
        catch (Win32Exception)
        {
            return false; // there is none
        }
    }
}
