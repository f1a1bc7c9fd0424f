using System.Globalization;

namespace ImageAspire.Api.Http;

/// <summary>The connection limit that keeps the process from running out of file descriptors, which .NET does not survive.</summary>
internal static class OpenFiles
{
    private const int MostConnections = 10_000;
    private const int LeastConnections = 32;
    private const int Others = 512; // libraries, databases, pipes, blobs being read
    private const int EachConnection = 2; // its socket, and the file that it uploads
    private const string Row = "Max open files";

    /// <summary>Most connections of this process; at most 10,000.</summary>
    public static int Connections() => OperatingSystem.IsLinux() && File.Exists("/proc/self/limits")
        ? ConnectionsOf(File.ReadLines("/proc/self/limits").FirstOrDefault(line => line.StartsWith(Row, StringComparison.Ordinal)))
        : MostConnections;

    /// <summary>The same, from a row of <c>/proc/self/limits</c>: name, soft limit, hard limit, unit.</summary>
    internal static int ConnectionsOf(string? row)
    {
        var soft = row?[Row.Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries).FirstOrDefault();
        return long.TryParse(soft, CultureInfo.InvariantCulture, out var files)
            ? (int)Math.Clamp((files - Others) / EachConnection, LeastConnections, MostConnections)
            : MostConnections;
    }
}
