using System.ComponentModel;

namespace ImageAspire.Benchmarks.Harness;

/// <summary>Waits until the disk has everything.</summary>
internal static class DiskSync
{
    /// <summary>Runs <c>sync</c> where there is one.</summary>
    public static async Task AllAsync(CancellationToken cancellationToken)
    {
        try
        {
            await ChildProcess.RunAsync("sync", [], Path.GetTempPath(), cancellationToken);
        }
        catch (Win32Exception)
        {
            // Windows has no such program; turns are then less even there, and the rounds in the table show it.
        }
    }
}
