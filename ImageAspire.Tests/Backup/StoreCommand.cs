using System.Diagnostics;
using System.Reflection;

namespace ImageAspire.Tests.Backup;

/// <summary>A command of AppHost, as an operator gives it.</summary>
internal static class StoreCommand
{
    /// <summary>Runs it to its end: exit code, and all that it printed.</summary>
    public static async Task<(int ExitCode, string Text)> RunAsync(params string[] arguments)
    {
        var path = typeof(StoreCommand).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().First(one => one.Key == "AppHost").Value!;
        using var process = Process.Start(new ProcessStartInfo("dotnet", ["exec", path, .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        await process.WaitForExitAsync(patience.Token);
        return (process.ExitCode, await output + await errors);
    }
}
