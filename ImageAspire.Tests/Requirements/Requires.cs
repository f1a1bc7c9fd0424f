using System.ComponentModel;
using System.Diagnostics;
using ImageAspire.Imaging.Isolation.Sandbox;

namespace ImageAspire.Tests.Requirements;

/// <summary>What a test needs of the machine. Where it is missing, the test is skipped with the reason.</summary>
internal static class Requires
{
    /// <summary>systemd's own check of units.</summary>
    public const string SystemdAnalyzePath = "/usr/bin/systemd-analyze";

    private static readonly string[] LibraryFolders = ["/usr/lib", "/usr/lib64", "/usr/lib/x86_64-linux-gnu", "/usr/lib/aarch64-linux-gnu"];

    private static readonly Lazy<bool> HasContainers = new(() => Runs("docker") || Runs("podman"));

    private static readonly Lazy<string?> ChromiumPath = new(() => new[]
    {
        Environment.GetEnvironmentVariable("CHROMIUM"), "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome",
        "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    }.FirstOrDefault(File.Exists));

    /// <summary>What only Linux has: limits of other processes, file systems in memory.</summary>
    public static void Linux() => Assert.SkipUnless(OperatingSystem.IsLinux(), "needs Linux");

    /// <summary>A kernel with everything that the decoders' sandbox is made of.</summary>
    public static void Sandbox() => Assert.SkipWhen(SandboxSupport.Here.Missing is not null, $"needs Landlock and seccomp: {SandboxSupport.Here.Missing}");

    /// <summary>Tests that run as root, as they do in many containers.</summary>
    public static void Root() => Assert.SkipUnless(Environment.UserName == "root", "needs root");

    public static void SystemdAnalyze() => Assert.SkipUnless(File.Exists(SystemdAnalyzePath), $"needs {SystemdAnalyzePath}");

    /// <summary>A library of the system, and the package of Debian that has it.</summary>
    public static void SystemLibrary(string file, string package) => Assert.SkipUnless(LibraryFolders.Any(folder => File.Exists(Path.Combine(folder, file))),
        $"The system has no {file}. Install it (Debian: apt-get install {package}).");

    /// <summary>A program of the system: from an environment variable, or where the shell would find it.</summary>
    /// <returns>Its path.</returns>
    public static string Program(string variable, string name, string package)
    {
        var path = Environment.GetEnvironmentVariable(variable)
            ?? (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Select(folder => Path.Combine(folder, name)).FirstOrDefault(File.Exists);
        Assert.SkipWhen(path is null, $"No {name} here. Install it (Debian: apt-get install {package}) or set {variable} to its path.");
        return path!;
    }

    public static void Containers() =>
        Assert.SkipUnless(HasContainers.Value, "No container runtime here: neither 'docker version' nor 'podman version' reaches one.");

    /// <summary>Chromium: from <c>CHROMIUM</c>, or where systems usually have it.</summary>
    /// <returns>Its path.</returns>
    public static string Chromium()
    {
        Assert.SkipWhen(ChromiumPath.Value is null, "No Chromium here. Install it (Debian: apt-get install chromium) or set CHROMIUM to its path.");
        return ChromiumPath.Value!;
    }

    private static bool Runs(string runtime)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(runtime, "version") { RedirectStandardOutput = true, RedirectStandardError = true });
            return process is not null && process.WaitForExit(TimeSpan.FromSeconds(20)) && process.ExitCode == 0;
        }
        catch (Win32Exception)
        {
            return false; // not installed
        }
    }
}
