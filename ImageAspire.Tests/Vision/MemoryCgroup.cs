using System.Globalization;

namespace ImageAspire.Tests.Vision;

/// <summary>A limit of memory for a process and its children, as a container has it: a control group (Linux, as root; version 1 or 2).</summary>
internal sealed class MemoryCgroup : IAsyncDisposable
{
    private const string Version1 = "/sys/fs/cgroup/memory", Version2 = "/sys/fs/cgroup";
    private readonly string _folder;

    private MemoryCgroup(string folder) => _folder = folder;

    /// <summary>The file that takes the id of a process.</summary>
    public string Processes => Path.Combine(_folder, "cgroup.procs");

    /// <summary>How often the kernel ended a process for its memory.</summary>
    public long Kills => Lines("memory.oom_control", "memory.events").Where(line => line is ["oom_kill", _]).Select(line => long.Parse(line[1], CultureInfo.InvariantCulture)).SingleOrDefault();

    /// <summary>Makes one; the test is skipped where it cannot.</summary>
    public static MemoryCgroup Create(long bytes)
    {
        var isFirst = Directory.Exists(Version1);
        var folder = Path.Combine(isFirst ? Version1 : Version2, $"imageaspire-{Guid.NewGuid():N}");
        try
        {
            Directory.CreateDirectory(folder);
            File.WriteAllText(Path.Combine(folder, isFirst ? "memory.limit_in_bytes" : "memory.max"), $"{bytes}");
            return new MemoryCgroup(folder);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            if (Directory.Exists(folder))
                Directory.Delete(folder);
            Assert.Skip($"needs a control group: {error.Message}");
            throw;
        }
    }

    /// <summary>Removes it, when its processes have ended: children end shortly after the process that started them, and the kernel keeps the group until they have.</summary>
    public async ValueTask DisposeAsync() => await Eventually.TrueAsync(TryRemove);

    private bool TryRemove()
    {
        if (File.ReadAllText(Processes).Length > 0)
            return false;
        try
        {
            Directory.Delete(_folder);
            return true;
        }
        catch (IOException)
        {
            // The last process has left the list, and not yet the group.
            return false;
        }
    }

    private IEnumerable<string[]> Lines(params string[] names) =>
        names.Select(name => Path.Combine(_folder, name)).Where(File.Exists).SelectMany(File.ReadLines).Select(line => line.Split(' '));
}
