using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace ImageAspire.Tests.Hostile;

/// <summary>Where things are that code in a decoder would like to reach; an argument of the program that tries.</summary>
/// <param name="Folder">Stands for the data folder; the files in it may be read and written by everyone.</param>
/// <param name="Settings">A file beside the program.</param>
/// <param name="Process">A process of the same user.</param>
/// <param name="Address">In the memory of that process.</param>
/// <param name="TcpPort">On loopback, with a listener.</param>
/// <param name="UdpPort">On loopback, bound.</param>
/// <param name="AbstractSocket">Name of an abstract UNIX socket with a listener.</param>
/// <param name="SharedMemory">A System V segment for everyone.</param>
/// <param name="Inherited">A descriptor of the parent, of the first of the files, that its children inherit.</param>
internal sealed record EscapeTarget(string Folder, string Settings, int Process, long Address, int TcpPort, int UdpPort, string AbstractSocket, int SharedMemory, int Inherited)
{
    /// <summary>Value of an environment variable of this process.</summary>
    public const string Secret = "a secret that no decoder may see";

    /// <summary>Files of which each attempt takes one.</summary>
    public static IReadOnlyList<string> Files { get; } = [.. Enumerable.Range(0, 10).Select(i => $"original-{i}")];

    public string SocketFile => Path.Combine(Folder, "socket");
}

/// <summary>Makes the targets, and says whether they are as before.</summary>
internal sealed partial class EscapeTargets : IDisposable
{
    private const int CreateForAll = 0x200 | 0x1B6; // IPC_CREAT | 0666
    private readonly TempFolder _folder = new();
    private readonly Process _process;
    private readonly Socket _tcp = Listen(new IPEndPoint(IPAddress.Loopback, 0), SocketType.Stream);
    private readonly Socket _udp = Listen(new IPEndPoint(IPAddress.Loopback, 0), SocketType.Dgram);
    private readonly Socket _file;
    private readonly Socket _abstract;
    private readonly string _before;

    public EscapeTargets()
    {
        Environment.SetEnvironmentVariable("IMAGEASPIRE_TEST_TOKEN", EscapeTarget.Secret);
        OpenToAll(_folder.Root);
        foreach (var file in EscapeTarget.Files)
        {
            File.WriteAllBytes(Path.Combine(_folder.Root, file), new byte[8192]);
            OpenToAll(Path.Combine(_folder.Root, file));
        }

        _process = Process.Start("sleep", "600");
        var settings = Path.Combine(AppContext.BaseDirectory, $"appsettings.{Guid.NewGuid():N}.json");
        File.WriteAllText(settings, EscapeTarget.Secret);
        var name = $"imageaspire-{Guid.NewGuid():N}";
        Target = new EscapeTarget(_folder.Root, settings, _process.Id, FirstAddress(), ((IPEndPoint)_tcp.LocalEndPoint!).Port, ((IPEndPoint)_udp.LocalEndPoint!).Port,
            name, GetSharedMemory(0, 4096, CreateForAll), OpenInheritable(Path.Combine(_folder.Root, EscapeTarget.Files[0]), 2)); // O_RDWR, without O_CLOEXEC
        _file = Listen(new UnixDomainSocketEndPoint(Target.SocketFile), SocketType.Stream);
        OpenToAll(Target.SocketFile);
        _abstract = Listen(new UnixDomainSocketEndPoint("\0" + name), SocketType.Stream);
        _before = State();
    }

    public EscapeTarget Target { get; }

    /// <summary>The target as an argument.</summary>
    public string Argument => JsonSerializer.Serialize(Target);

    /// <summary>Whether nothing was changed.</summary>
    public bool IsIntact => State() == _before && Processes.IsAlive(_process.Id);

    public void Dispose()
    {
        _process.Kill();
        _process.Dispose();
        _tcp.Dispose();
        _udp.Dispose();
        _file.Dispose();
        _abstract.Dispose();
        _ = CloseDescriptor(Target.Inherited);
        _ = ControlSharedMemory(Target.SharedMemory, 0, 0); // IPC_RMID
        File.Delete(Target.Settings);
        _folder.Dispose();
    }

    // Names, sizes, modes, times and contents.
    private string State() => string.Join('\n', new DirectoryInfo(_folder.Root).EnumerateFileSystemInfos().OrderBy(one => one.Name, StringComparer.Ordinal).Select(one =>
        $"{one.Name} {one.UnixFileMode} {one.LastWriteTimeUtc:O} {(one is FileInfo { LinkTarget: null } file && file.FullName != Target.SocketFile ? Convert.ToHexString(File.ReadAllBytes(file.FullName)) : "")}"));

    private long FirstAddress()
    {
        var maps = File.ReadAllText($"/proc/{_process.Id}/maps");
        return Convert.ToInt64(maps[..maps.IndexOf('-', StringComparison.Ordinal)], 16);
    }

    private static void OpenToAll(string path)
    {
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(path, (UnixFileMode)511);
    }

    private static Socket Listen(EndPoint at, SocketType type)
    {
        var socket = new Socket(at.AddressFamily, type, ProtocolType.Unspecified);
        socket.Bind(at);
        if (type == SocketType.Stream)
            socket.Listen();
        return socket;
    }

    [LibraryImport("libc", EntryPoint = "shmget")]
    private static partial int GetSharedMemory(int key, nuint bytes, int flags);

    [LibraryImport("libc", EntryPoint = "shmctl")]
    private static partial int ControlSharedMemory(int id, int command, nint buffer);

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int OpenInheritable(string path, int flags);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int CloseDescriptor(int descriptor);
}
