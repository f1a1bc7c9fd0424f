using System.Runtime.InteropServices;
using ImageAspire.Tests.Requirements;

namespace ImageAspire.Tests.Faults;

/// <summary>What can lie in the place of a stored file, and is none.</summary>
public enum OddFile
{
    /// <summary>A named pipe that no program writes to: a read of it does not end.</summary>
    Pipe,

    /// <summary>A link to another file.</summary>
    Link,

    /// <summary>A link to a device that has bytes without end.</summary>
    Device,

    /// <summary>A folder.</summary>
    Folder,
}

/// <summary>Puts such things where a stored file is.</summary>
internal static partial class OddFiles
{
    /// <summary>How long a read of one may take, before it is taken for endless.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    /// <summary>Takes the place of a file. A link leads to a file with the same bytes.</summary>
    public static void Replace(string path, OddFile kind)
    {
        Requires.Linux();
        var moved = Path.Combine(Path.GetDirectoryName(path)!, $"moved-{Guid.NewGuid():N}");
        File.Move(path, moved);
        switch (kind)
        {
            case OddFile.Pipe:
                MakePipe(path, 0x180).ShouldBe(0); // 0600
                break;
            case OddFile.Link:
                File.CreateSymbolicLink(path, moved);
                break;
            case OddFile.Device:
                File.CreateSymbolicLink(path, "/dev/zero");
                break;
            default:
                Directory.CreateDirectory(path);
                break;
        }
    }

    [LibraryImport("libc", EntryPoint = "mkfifo", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int MakePipe(string path, uint mode);
}
