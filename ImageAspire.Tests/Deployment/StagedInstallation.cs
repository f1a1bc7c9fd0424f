using System.Diagnostics;
using ImageAspire.Tests.Requirements;

namespace ImageAspire.Tests.Deployment;

/// <summary>
/// What <c>deploy/install --stage</c> lays out, with all options. Its programs are empty scripts: publishing takes minutes, and what is
/// published is the build that the other tests run.
/// </summary>
public sealed class StagedInstallation : IDisposable
{
    private readonly TempFolder _folder = new();

    public StagedInstallation()
    {
        if (!OperatingSystem.IsLinux())
            return; // the tests say so
        foreach (var program in (string[])["api/ImageAspire.Api", "worker/ImageAspire.Worker", "cli/imageaspire", "vision/ImageAspire.Vision", "dashboard/Aspire.Dashboard"])
            WriteScript(Path.Combine(Programs, program), "exit 0");
        foreach (var part in (string[])["api", "worker", "vision"])
            File.WriteAllText(Path.Combine(Programs, part, "runtime.dll"), "the same in all");
        File.WriteAllText(Path.Combine(Programs, "api/ImageAspire.Api.deps.json"), """{ "libraries": { "ImageAspire.Api/1.2.3-preview.0.4": { "type": "project" } } }""");
        Output = Install("--workers", "2");
    }

    /// <summary>The folder below which everything lies.</summary>
    public string Root => Path.Combine(_folder.Root, "stage");

    /// <summary>What the first run printed.</summary>
    public string Output { get; } = "";

    private string Programs => Path.Combine(_folder.Root, "programs");

    public string PathOf(string path) => Path.Combine(Root, path.TrimStart('/'));

    /// <summary>Runs the script once more, as an update does.</summary>
    public string Install(params string[] arguments) =>
        Run(Path.Combine(Repository.Root, "deploy/install"), ["--stage", Root, "--from", Programs, "--dashboard", .. arguments]);

    public string Uninstall() => Run(Path.Combine(Repository.Root, "deploy/uninstall"), ["--stage", Root]);

    /// <summary>The settings of an installed environment file; with <paramref name="examples"/> those that are commented out, too.</summary>
    public IReadOnlyDictionary<string, string> SettingsOf(string file, bool examples = false) => Settings(File.ReadLines(PathOf($"/etc/imageaspire/{file}"))
        .Select(line => examples && line.StartsWith('#') && !line.StartsWith("# ", StringComparison.Ordinal) ? line[1..] : line));

    /// <summary>An installed unit.</summary>
    public Unit Unit(string name) => new(File.ReadAllLines(PathOf($"/etc/systemd/system/{name}")));

    /// <summary>What systemd hands to a service: its unit's environment, then the files.</summary>
    public IReadOnlyDictionary<string, string> EnvironmentOf(string unit)
    {
        var files = Unit(unit).All("EnvironmentFile").Select(file => Path.GetFileName(file.TrimStart('-')));
        return Settings(Unit(unit).All("Environment").SelectMany(line => line.Split(' '))).Concat(files.SelectMany(file => SettingsOf(file)))
            .GroupBy(one => one.Key).ToDictionary(one => one.Key, one => one.Last().Value);
    }

    /// <summary>Runs a program to its end, with what it says on both outputs.</summary>
    public static (int ExitCode, string Output) TryRun(string program, string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output + errors.GetAwaiter().GetResult());
    }

    private static string Run(string program, string[] arguments)
    {
        var (exitCode, output) = TryRun(program, arguments);
        exitCode.ShouldBe(0, output);
        return output;
    }

    public static void WriteScript(string path, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, "#!/bin/sh\n" + text + "\n");
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    public void Dispose() => _folder.Dispose();

    private static Dictionary<string, string> Settings(IEnumerable<string> lines) =>
        lines.Where(line => line.Contains('=') && !line.StartsWith('#')).Select(line => line.Split('=', 2)).ToDictionary(part => part[0], part => part[1]);
}

/// <summary>A unit file of systemd.</summary>
public sealed class Unit(string[] lines)
{
    /// <summary>Every value of a key, in order.</summary>
    public IEnumerable<string> All(string key) => lines.Where(line => line.StartsWith(key + "=", StringComparison.Ordinal)).Select(line => line[(key.Length + 1)..]);

    /// <summary>The value of a key that is there once.</summary>
    public string this[string key] => All(key).ShouldHaveSingleItem(key);
}
