using System.Runtime.Versioning;
using ImageAspire.AppHost.Emulators;
using ImageAspire.Tests.Requirements;

namespace ImageAspire.Tests.AppHost;

/// <summary>Azurite is installed when it is needed; what keeps it from that is one line with the remedy.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class AzuriteTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public AzuriteTests()
    {
        Requires.Linux();
        Directory.CreateDirectory(Azurite(null, null).Folder);
        File.WriteAllText(Path.Combine(Azurite(null, null).Folder, "package-lock.json"), "{}");
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Install_NoNode_SaysSo() => Azurite(null, "exit 0").Install()
        .ShouldBe("There is no Node here. Azurite, the emulator of Blob Storage, needs Node 20 or newer with npm: install it from https://nodejs.org, or set ConnectionStrings__images and ConnectionStrings__uploads for another Blob Storage.");

    [Fact]
    public void Install_OldNode_SaysSo() => Azurite("echo v18.1.0", "exit 0").Install()!.ShouldStartWith("Node v18.1.0 is too old.");

    [Fact]
    public void Install_NoNpm_SaysSo() => Azurite("echo v20.0.0", null).Install()!.ShouldStartWith("There is no npm here.");

    [Fact]
    public void Install_NpmFails_SaysWhyAndTheCommand()
    {
        var azurite = Azurite("echo v20.0.0", "echo 'npm error code ECONNREFUSED' >&2; echo more >&2; exit 1");

        azurite.Install().ShouldBe($"Azurite, the emulator of Blob Storage, could not be installed (npm error code ECONNREFUSED). Try again: cd \"{azurite.Folder}\" && npm ci; or set ConnectionStrings__images and ConnectionStrings__uploads for another Blob Storage.");
    }

    [Fact]
    public void Install_Twice_IsOnce()
    {
        var azurite = Azurite("echo v20.0.0", "echo x >> count; mkdir -p node_modules; touch node_modules/.package-lock.json");
        azurite.Install().ShouldBeNull();

        azurite.Install().ShouldBeNull();

        File.ReadAllLines(Path.Combine(azurite.Folder, "count")).Length.ShouldBe(1);
        File.SetLastWriteTimeUtc(Path.Combine(azurite.Folder, "package-lock.json"), TimeProvider.System.GetUtcNow().UtcDateTime.AddMinutes(1)); // another version is wanted
        azurite.Install().ShouldBeNull();
        File.ReadAllLines(Path.Combine(azurite.Folder, "count")).Length.ShouldBe(2);
    }

    // With programs that do this; null for none.
    private Azurite Azurite(string? node, string? npm) => new(_folder.Root) { Node = Program("node", node), Npm = Program("npm", npm) };

    private string Program(string name, string? script)
    {
        var file = Path.Combine(_folder.Root, name);
        if (script is null)
            return Path.Combine(_folder.Root, "missing");
        File.WriteAllText(file, $"#!/bin/sh\n{script}\n");
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return file;
    }
}
