using System.ComponentModel;
using System.Diagnostics;

namespace ImageAspire.Tests.Azure;

/// <summary>A test that starts containers.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class DockerFactAttribute : FactAttribute
{
    private static readonly Lazy<string?> Missing = new(() => Runs("docker") || Runs("podman")
        ? null : "No container runtime here: neither 'docker version' nor 'podman version' reaches one.");

    public DockerFactAttribute() => Skip = Missing.Value;

    private static bool Runs(string runtime)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(runtime, "version") { RedirectStandardOutput = true, RedirectStandardError = true });
            if (process is null || !process.WaitForExit(TimeSpan.FromSeconds(20)))
                return false;
            return process.ExitCode == 0;
        }
        catch (Win32Exception)
        {
            return false; // not installed
        }
    }
}
