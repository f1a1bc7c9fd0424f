using System.Data.Common;
using System.Net.Sockets;
using ImageAspire.Core.Errors;
using ImageAspire.Core.Ports;

namespace ImageAspire.Backends.Health;

/// <summary>The reason of a failed check for a public page: without paths, addresses or host names. The log has the details.</summary>
internal static class HealthReasons
{
    // errno on Unix, and the Win32 code in the lower half on Windows.
    private const int NoSpace = 28, NoSpaceWindows = 112, ReadOnlyFiles = 30, InputOutput = 5, TooManyFiles = 24;

    public static string Of(Exception error)
    {
        for (var one = error; one is not null; one = one.InnerException)
        {
            if (Known(one) is { } reason)
                return reason;
        }

        return error is StoreUnavailableException { Problem: StoreProblem.Missing } ? "a file is missing" : error.GetType().Name;
    }

    private static string? Known(Exception error) => error switch
    {
        AnalyzerUnavailableException => error.Message, // our own text
        StoreUnavailableException store => OfStore(store.Problem),
        DbException => error.Message, // SQLite's messages name no file
        DirectoryNotFoundException => "a folder is missing",
        FileNotFoundException => "a file is missing",
        UnauthorizedAccessException => "access is denied",
        SocketException socket => $"no connection ({socket.SocketErrorCode})",
        HttpRequestException http => http.StatusCode is { } status ? $"HTTP {(int)status}" : $"no connection ({http.HttpRequestError})",
        TimeoutException => "timeout",
        IOException { InnerException: null } => OfDisk(error.HResult & 0xFFFF),
        _ => null,
    };

    private static string? OfStore(StoreProblem problem) => problem switch
    {
        StoreProblem.Full => "the disk is full",
        StoreProblem.NearlyFull => "the disk is nearly full; uploads are refused",
        StoreProblem.ReadOnly => "the disk can only be read",
        StoreProblem.Damaged => "it is damaged; restore a backup",
        _ => null, // the inner error is more precise
    };

    private static string? OfDisk(int code) => code switch
    {
        NoSpace or NoSpaceWindows => "the disk is full",
        ReadOnlyFiles when !OperatingSystem.IsWindows() => "the disk can only be read",
        InputOutput when !OperatingSystem.IsWindows() => "the disk does not work",
        TooManyFiles when !OperatingSystem.IsWindows() => "too many files are open",
        _ => null,
    };
}
