using ImageAspire.Embedded.Files;
using ImageAspire.Tests.Api;

namespace ImageAspire.Tests.Embedded;

/// <summary>A data folder that others can read, from an earlier version or a restore by hand.</summary>
public sealed class PrivateFolderTests : IDisposable
{
    private const UnixFileMode All = (UnixFileMode)0b111_111_111, PrivateFile = (UnixFileMode)0b110_000_000, PrivateDirectory = (UnixFileMode)0b111_000_000;
    private readonly TempFolder _folder = new();

    public PrivateFolderTests() => Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no such permissions.");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Restrict_OpenFolder_MakesAllOfItPrivateAndNamesSome()
    {
        var files = Make("main.db", "blobs/originals/ab/abc", "uploads/key/part");
        SetMode(_folder.Root, All);

        var (changed, failed) = PrivateFolder.Restrict(_folder.Root);

        failed.ShouldBeNull();
        changed.Count.ShouldBe(9); // three files, five folders, and the folder itself
        changed.Examples.ShouldContain("the folder itself");
        changed.Examples.Count.ShouldBe(5);
        files.ShouldAllBe(file => ModeOf(file) == PrivateFile);
        Directory.GetDirectories(_folder.Root, "*", SearchOption.AllDirectories).Append(_folder.Root).ShouldAllBe(one => ModeOf(one) == PrivateDirectory);
        PrivateFolder.Restrict(_folder.Root).Changed.Count.ShouldBe(0);
    }

    [Fact]
    public void Restrict_InterruptedBefore_GoesOn()
    {
        var file = Make("blobs/originals/ab/abc")[0];
        SetMode(_folder.Root, PrivateDirectory); // was done first; below nothing was

        PrivateFolder.Restrict(_folder.Root).Changed.Count.ShouldBe(4);

        ModeOf(file).ShouldBe(PrivateFile);
    }

    [Fact]
    public void Restrict_LinkToElsewhere_IsNotFollowed()
    {
        using var elsewhere = new TempFolder();
        var file = Path.Combine(elsewhere.Root, "file");
        File.WriteAllText(file, "");
        SetMode(file, All);
        File.CreateSymbolicLink(Path.Combine(_folder.Root, "link"), file);
        SetMode(_folder.Root, All);

        PrivateFolder.Restrict(_folder.Root).Changed.Count.ShouldBe(1);

        ModeOf(file).ShouldBe(All);
    }

    [Fact]
    public async Task Start_OpenFolder_IsPrivateAndStaysSo()
    {
        Make("uploads/key/part");
        SetMode(_folder.Root, All);
        await using (var host = new ApiHost(("Embedded:DataFolder", _folder.Root)))
            await host.UploadAsync(seed: 1);

        // Nothing that a running service makes is open to others where they could reach it.
        PrivateFolder.Restrict(_folder.Root).Changed.Count.ShouldBe(0);
        Directory.GetFileSystemEntries(_folder.Root).Where(one => (ModeOf(one) & ~PrivateDirectory) != 0).ShouldBeEmpty();
    }

    private string[] Make(params string[] names) => [.. names.Select(name =>
    {
        var path = Path.Combine(_folder.Root, name);
        for (var parent = Path.GetDirectoryName(path)!; parent != _folder.Root; parent = Path.GetDirectoryName(parent)!)
            SetMode(Directory.CreateDirectory(parent).FullName, All);
        File.WriteAllText(path, "");
        SetMode(path, All);
        return path;
    })];

    private static void SetMode(string path, UnixFileMode mode)
    {
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(path, mode);
    }

    private static UnixFileMode ModeOf(string path) => OperatingSystem.IsWindows() ? default : File.GetUnixFileMode(path);
}
