using System.Runtime.InteropServices;

namespace ImageAspire.Imaging.Isolation.Sandbox;

/// <summary>
/// What a decoder may read. The program's folder is allowed file by file: settings with secrets, or the data folder itself, may be in it.
/// </summary>
/// <param name="Folders">With all that is below them.</param>
/// <param name="Files">Single files.</param>
/// <param name="Programs">Files that may be started, too: this program and the loader.</param>
internal sealed record SandboxFiles(IReadOnlyList<string> Folders, IReadOnlyList<string> Files, IReadOnlyList<string> Programs)
{
    private static readonly string[] SystemFolders =
    [
        "/lib", "/lib64", "/usr/lib", "/usr/lib64", "/usr/local/lib", "/usr/local/lib64",
        "/etc/dotnet", // where the runtime is installed
        "/sys/devices/system/cpu", "/sys/devices/system/node", "/sys/fs/cgroup", // the runtime looks at processors and limits
    ];

    private static readonly string[] SystemFiles =
    [
        "/etc/ld.so.cache", "/etc/ld-musl-x86_64.path", "/etc/ld-musl-aarch64.path",
        "/proc/self/maps", "/proc/self/stat", "/proc/self/statm", "/proc/self/status", "/proc/self/cgroup", "/proc/self/mountinfo", // not all: net is there, too
        "/proc/meminfo", "/proc/cpuinfo", "/dev/null", "/dev/urandom",
    ];

    /// <summary>What this program has opened until now, and what it and the codec may open yet.</summary>
    /// <param name="library">libvips: a path, or what <see cref="ImagingOptions.Library"/> allows else.</param>
    public static SandboxFiles OfThisProgram(string library)
    {
        List<string> mapped = [.. Mapped(File.ReadLines("/proc/self/maps"))];
        List<string> native = [.. Paths("NATIVE_DLL_SEARCH_DIRECTORIES")];
        List<string> folders = [.. SystemFolders, .. RuntimeFolders(), .. Split(Environment.GetEnvironmentVariable("LD_LIBRARY_PATH"))];
        if (Path.GetDirectoryName(library) is { Length: > 0 } folder)
            folders.Add(folder);
        var program = Environment.ProcessPath!;
        var files = SystemFiles.Concat(mapped).Concat(Paths("TRUSTED_PLATFORM_ASSEMBLIES")).Concat(native.SelectMany(Libraries)).Concat(HostFiles());
        return new SandboxFiles(folders,
            [.. files.Distinct().Where(file => !folders.Any(one => file.StartsWith(one.TrimEnd('/') + '/', StringComparison.Ordinal)))],
            [program, .. mapped.Where(file => Path.GetFileName(file).StartsWith("ld-", StringComparison.Ordinal))]);
    }

    // Files in memory: the last column of proc(5)'s table.
    internal static IEnumerable<string> Mapped(IEnumerable<string> lines) =>
        lines.Select(line => line.IndexOf('/') is >= 0 and var at ? line[at..] : "").Where(File.Exists).Distinct();

    // Of an installed runtime: its host and all its frameworks. A self-contained program has the files in its own folder.
    private static IEnumerable<string> RuntimeFolders()
    {
        var shared = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", ".."));
        return Path.GetFileName(shared) == "shared" ? [shared, Path.GetFullPath(Path.Combine(shared, "..", "host"))] : [];
    }

    // What the host reads beside a program before it starts it.
    private static IEnumerable<string> HostFiles() =>
        Paths("APP_CONTEXT_DEPS_FILES").SelectMany(file => new[] { file, file.Replace(".deps.json", ".runtimeconfig.json", StringComparison.Ordinal), file.Replace(".deps.json", ".runtimeconfig.dev.json", StringComparison.Ordinal) });

    private static IEnumerable<string> Libraries(string folder) =>
        Directory.Exists(folder) ? Directory.EnumerateFiles(folder, "*.so*") : [];

    // What the host passed to the runtime.
    private static IEnumerable<string> Paths(string property) => Split(AppContext.GetData(property) as string);

    private static IEnumerable<string> Split(string? paths) =>
        (paths ?? "").Split([Path.PathSeparator, ';'], StringSplitOptions.RemoveEmptyEntries).Where(Path.IsPathRooted);
}
