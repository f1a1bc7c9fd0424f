using System.Diagnostics;

namespace ImageAspire.Tests.Backup;

/// <summary>A command of the Cli, as a script gives it: in a process of its own, with redirected output.</summary>
internal static class StoreCommand
{
    /// <summary>Runs it to its end: exit code, and all that it printed.</summary>
    public static async Task<CommandResult> RunAsync(params string[] arguments)
    {
        using var process = Start(arguments);
        return await EndAsync(process);
    }

    public static Process Start(params string[] arguments)
    {
        var path = Programs.Cli;
        var start = new ProcessStartInfo("dotnet", ["exec", path, .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["GITHUB_ACTIONS"] = "true"; // there Spectre.Console colours what is redirected, too
        return Process.Start(start)!;
    }

    public static async Task<CommandResult> EndAsync(Process process)
    {
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        await process.WaitForExitAsync(patience.Token);
        return new CommandResult(process.ExitCode, await output, await errors);
    }
}

/// <summary>How a command ended.</summary>
internal sealed record CommandResult(int ExitCode, string Output, string Errors)
{
    public string Text => Output + Errors;
}
