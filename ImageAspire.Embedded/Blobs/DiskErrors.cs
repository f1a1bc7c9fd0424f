using ImageAspire.Core.Errors;

namespace ImageAspire.Embedded.Blobs;

/// <summary>Says in words that callers know what the file system says in numbers.</summary>
internal static class DiskErrors
{
    // errno of Linux, and the Win32 codes in the lower half of an HRESULT on Windows; .NET hands on both.
    private const int InputOutput = 5, NoHandles = 23, TooManyFiles = 24, NoSpace = 28, ReadOnlyFiles = 30, QuotaLinux = 122, QuotaMac = 69;
    private const int HandleDiskFullWindows = 39, DiskFullWindows = 112;

    /// <summary>What may be mended by itself or by an operator, as such; any other error as it is.</summary>
    /// <param name="error">The error.</param>
    /// <param name="path">File or folder.</param>
    public static Exception Translate(Exception error, string path) => error switch
    {
        StoreUnavailableException => error,
        // .NET's name for EFBIG: a limit of the process or of the file system.
        IOException or UnauthorizedAccessException or ArgumentOutOfRangeException { ParamName: "value" } => Away(error, path),
        _ => error,
    };

    private static StoreUnavailableException Away(Exception error, string path)
    {
        var (problem, words) = Find(error);
        return new StoreUnavailableException($"'{path}' cannot be used now: {words} ({error.Message.TrimEnd('.')}).", error) { Problem = problem, NothingWritten = true };
    }

    private static (StoreProblem Problem, string Words) Find(Exception error) => error switch
    {
        ArgumentOutOfRangeException => (StoreProblem.Full, "a file may not become so large here (ulimit -f). Raise the limit"),
        UnauthorizedAccessException => (StoreProblem.ReadOnly, "this user has no right to write there"),
        DirectoryNotFoundException or FileNotFoundException => (StoreProblem.Missing, "the folder was moved or deleted. Put it back"),
        _ => OperatingSystem.IsWindows() ? OfWindows(error.HResult & 0xFFFF) : OfUnix(error.HResult & 0xFFFF),
    };

    private static (StoreProblem Problem, string Words) OfUnix(int code) => code switch
    {
        NoSpace or QuotaLinux or QuotaMac => (StoreProblem.Full, "the disk is full, or over a quota or limit. Make room; it goes on by itself"),
        ReadOnlyFiles => (StoreProblem.ReadOnly, "the disk can only be read. Mount it for writing"),
        TooManyFiles or NoHandles => (StoreProblem.Busy, "too many files are open. Raise the limit of open files"),
        InputOutput => (StoreProblem.Unavailable, "the disk does not work"),
        _ => (StoreProblem.Unavailable, "the file system refuses"),
    };

    private static (StoreProblem Problem, string Words) OfWindows(int code) => code is DiskFullWindows or HandleDiskFullWindows
        ? (StoreProblem.Full, "the disk is full. Make room; it goes on by itself")
        : (StoreProblem.Unavailable, "the file system refuses");
}
