using ImageAspire.Core.Errors;
using ImageAspire.Core.Heartbeats;

namespace ImageAspire.Embedded.Files;

/// <summary>Translates errors of the file system into the errors of the ports.</summary>
internal static class DiskErrors
{
    // errno of Linux, and the Win32 codes in the lower half of an HRESULT on Windows; .NET passes on both.
    private const int InputOutput = 5, NoHandles = 23, TooManyFiles = 24, NoSpace = 28, ReadOnlyFiles = 30, QuotaLinux = 122, QuotaMac = 69;
    private const int HandleDiskFullWindows = 39, DiskFullWindows = 112;

    /// <summary>A <see cref="StoreUnavailableException"/> for an error that may pass or that an operator can fix; any other error as it is.</summary>
    /// <param name="error">The error.</param>
    /// <param name="path">The file or folder that was used.</param>
    /// <param name="dependency">What is kept there.</param>
    public static Exception Translate(Exception error, string path, string dependency = DependencyNames.Blobs) => error switch
    {
        StoreUnavailableException => error,
        // .NET's exception for EFBIG: a limit of the process or of the file system.
        IOException or UnauthorizedAccessException or ArgumentOutOfRangeException { ParamName: "value" } => Unavailable(error, path, dependency),
        _ => error,
    };

    private static StoreUnavailableException Unavailable(Exception error, string path, string dependency)
    {
        var (problem, explanation) = Explain(error);
        return new StoreUnavailableException($"'{path}' cannot be used now: {explanation} ({error.Message.TrimEnd('.')}).", error)
            { Dependency = dependency, Problem = problem, NothingWritten = true };
    }

    private static (StoreProblem Problem, string Explanation) Explain(Exception error) => error switch
    {
        ArgumentOutOfRangeException => (StoreProblem.Full, "the file would exceed the size limit (ulimit -f). Raise the limit"),
        UnauthorizedAccessException => (StoreProblem.ReadOnly, "this user has no permission to write there"),
        DirectoryNotFoundException or FileNotFoundException => (StoreProblem.Missing, "the folder was moved or deleted. Put it back"),
        _ => OperatingSystem.IsWindows() ? ExplainWindows(error.HResult & 0xFFFF) : ExplainUnix(error.HResult & 0xFFFF),
    };

    private static (StoreProblem Problem, string Explanation) ExplainUnix(int code) => code switch
    {
        NoSpace or QuotaLinux or QuotaMac => (StoreProblem.Full, "the disk is full, or over a quota or limit. Free some space; work resumes by itself"),
        ReadOnlyFiles => (StoreProblem.ReadOnly, "the disk is read-only. Mount it for writing"),
        TooManyFiles or NoHandles => (StoreProblem.Busy, "too many files are open. Raise the limit of open files"),
        InputOutput => (StoreProblem.Unavailable, "the disk reports an I/O error"),
        _ => (StoreProblem.Unavailable, "the file system reports an error"),
    };

    private static (StoreProblem Problem, string Explanation) ExplainWindows(int code) => code is DiskFullWindows or HandleDiskFullWindows
        ? (StoreProblem.Full, "the disk is full. Free some space; work resumes by itself")
        : (StoreProblem.Unavailable, "the file system reports an error");
}
