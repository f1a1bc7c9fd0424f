using System.Collections.Concurrent;
using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;

namespace ImageAspire.AppHost.Emulators;

/// <summary>Azurite, the emulator of Azure Blob Storage, as npm installs it into a folder of this project.</summary>
/// <param name="project">The AppHost's project folder.</param>
internal sealed class Azurite(string project)
{
    private const int OldestNode = 20;
    private const string What = "Azurite, the emulator of Blob Storage,";
    private const string Otherwise = "or set ConnectionStrings__images and ConnectionStrings__uploads for another Blob Storage.";
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    /// <summary>The program that runs it.</summary>
    public string Node { get; init; } = "node";

    /// <summary>The program that installs it.</summary>
    public string Npm { get; init; } = OperatingSystem.IsWindows() ? "npm.cmd" : "npm";

    /// <summary>Its folder.</summary>
    public string Folder { get; } = Path.Combine(project, "Azurite");

    /// <summary>Installs it, when it is missing or its lock file has changed.</summary>
    /// <returns>Why it cannot be used, with the command that helps; null when it can.</returns>
    public string? Install()
    {
        if (NodeProblem() is { } problem)
            return $"{problem} {What} needs Node {OldestNode} or newer with npm: install it from https://nodejs.org, {Otherwise}";
        if (IsInstalled())
            return null;
        Console.Out.WriteLine($"{What} is installed from npm, once …");
        return Run(Npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error", "--fetch-retries=1") switch
        {
            null => $"There is no npm here. {What} needs it: install Node {OldestNode} or newer with npm from https://nodejs.org, {Otherwise}",
            (0, _) => null,
            var (code, line) => $"{What} could not be installed ({(line.Length > 0 ? line : $"npm ended with {code}")}). Try again: cd \"{Folder}\" && npm ci; {Otherwise}",
        };
    }

    // npm writes this file last.
    private bool IsInstalled() => new FileInfo(Path.Combine(Folder, "node_modules", ".package-lock.json")) is { Exists: true } installed
        && installed.LastWriteTimeUtc >= File.GetLastWriteTimeUtc(Path.Combine(Folder, "package-lock.json"));

    private string? NodeProblem() => Run(Node, "--version") switch
    {
        null => "There is no Node here.",
        (0, var version) when int.TryParse(version.TrimStart('v').Split('.')[0], NumberStyles.None, CultureInfo.InvariantCulture, out var major) && major >= OldestNode => null,
        var (_, version) => $"Node {version} is too old.",
    };

    // Its exit code and the first line that it wrote; null when there is no such program.
    private (int Code, string Line)? Run(string program, params string[] arguments)
    {
        try
        {
            using var process = new Process
            {
                StartInfo = new ProcessStartInfo(program, arguments) { WorkingDirectory = Folder, UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true },
            };
            var lines = new ConcurrentQueue<string>();
            process.OutputDataReceived += (_, line) => Keep(line.Data);
            process.ErrorDataReceived += (_, line) => Keep(line.Data);
            process.Start();
            process.BeginOutputReadLine();
            process.BeginErrorReadLine();
            if (!process.WaitForExit(Patience))
            {
                process.Kill(entireProcessTree: true);
                return (-1, $"no end within {Patience.TotalMinutes:0} minutes");
            }

            process.WaitForExit(); // its last lines too
            return (process.ExitCode, lines.TryPeek(out var first) ? first.Trim() : "");

            void Keep(string? line)
            {
                if (!string.IsNullOrWhiteSpace(line))
                    lines.Enqueue(line);
            }
        }
        catch (Win32Exception)
        {
            return null;
        }
    }
}
