using System.Diagnostics;
using System.IO.MemoryMappedFiles;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using ImageAspire.Core.Images;
using ImageAspire.Core.Ports;
using ImageAspire.Imaging;

namespace ImageAspire.Tests.Hostile;

/// <summary>A decoder that a hostile image has taken over: in place of decoding, it tries to get out, and refuses the image with the list of what it reached.</summary>
internal sealed class EscapeAttempts(ICodec honest, EscapeTarget target) : ICodec
{
    /// <summary>Between the names of what was reached.</summary>
    public const char Separator = '|';

    /// <summary>Attempts that succeed without a sandbox only for root, or where the system does not forbid them.</summary>
    public static IReadOnlyList<string> Privileged { get; } = ["/etc/shadow", "the parent's environment", "the parent's memory", "ptrace", "process_vm_readv", "another user"];

    /// <summary>Attempts that only read files.</summary>
    public static IReadOnlyList<string> Reading { get; } =
    [
        "an original", "the data folder's list", "settings beside the program", "/etc/passwd", "/etc/shadow", "the parent's environment", "the parent's memory",
        "a command line", "the list of processes", "the network's tables", "an inherited file",
    ];

    /// <summary>All attempts: what is to be reached, and whether it was.</summary>
    public static IReadOnlyDictionary<string, Func<EscapeTarget, bool>> All { get; } = new Dictionary<string, Func<EscapeTarget, bool>>
    {
        ["an original"] = target => File.ReadAllBytes(Victim(target, 0)).Length > 0,
        ["the data folder's list"] = target => Directory.GetFiles(target.Folder).Length > 0,
        ["settings beside the program"] = target => File.ReadAllText(target.Settings).Length > 0,
        ["/etc/passwd"] = _ => File.ReadAllText("/etc/passwd").Length > 0,
        ["/etc/shadow"] = _ => File.ReadAllText("/etc/shadow").Length > 0,
        ["a secret in the environment"] = _ => Environment.GetEnvironmentVariables().Values.Cast<string>().Contains(EscapeTarget.Secret),
        ["the parent's environment"] = _ => File.ReadAllBytes($"/proc/{NativeEscapes.Parent()}/environ").Length > 0,
        ["the parent's memory"] = _ => Opens($"/proc/{NativeEscapes.Parent()}/mem"),
        ["a command line"] = target => File.ReadAllBytes($"/proc/{target.Process}/cmdline").Length > 0,
        ["the list of processes"] = _ => Directory.GetDirectories("/proc").Length > 0,
        ["the network's tables"] = _ => File.ReadAllText("/proc/self/net/tcp").Length > 0,
        ["an inherited file"] = target => new FileInfo($"/proc/self/fd/{target.Inherited}").LinkTarget == Victim(target, 0),
        ["a file's bytes by a mapping"] = target => Map(Victim(target, 1)),
        ["a file's length"] = target => NativeEscapes.Truncate(Victim(target, 2), 0) == 0,
        ["a file's name"] = target => Does(() => File.Move(Victim(target, 3), Victim(target, 3) + "-moved")),
        ["a file's existence"] = target => Does(() => File.Delete(Victim(target, 4))) && !File.Exists(Victim(target, 4)),
        ["a file's mode"] = target => Does(() => Lock(Victim(target, 5))),
        ["a file's time"] = target => Does(() => File.SetLastWriteTimeUtc(Victim(target, 6), DateTime.UnixEpoch)),
        ["a second name"] = target => NativeEscapes.Link(Victim(target, 7), Victim(target, 7) + "-linked") == 0,
        ["a symbolic link"] = target => Does(() => File.CreateSymbolicLink(Path.Combine(target.Folder, "link"), "/etc/passwd")),
        ["a new file"] = target => Does(() => File.Create(Path.Combine(target.Folder, "new")).Dispose()),
        ["a new file in /tmp"] = _ => CreateTemporary(),
        ["a new folder"] = target => Does(() => Directory.CreateDirectory(Path.Combine(target.Folder, "folder"))),
        ["TCP"] = target => Connects(new IPEndPoint(IPAddress.Loopback, target.TcpPort), SocketType.Stream),
        ["UDP"] = target => Connects(new IPEndPoint(IPAddress.Loopback, target.UdpPort), SocketType.Dgram),
        ["a port to listen on"] = _ => Listens(),
        ["a UNIX socket"] = target => Connects(new UnixDomainSocketEndPoint(target.SocketFile), SocketType.Stream),
        ["an abstract socket"] = target => Connects(new UnixDomainSocketEndPoint("\0" + target.AbstractSocket), SocketType.Stream),
        ["a signal to a process"] = target => NativeEscapes.Kill(target.Process, 0) == 0,
        ["a signal to its group"] = _ => NativeEscapes.Kill(0, 0) == 0,
        ["a signal to a thread"] = target => NativeEscapes.SignalThread(target.Process),
        ["limits of a process"] = target => NativeEscapes.ReadsLimits(target.Process),
        ["processors of a process"] = target => NativeEscapes.SetsProcessors(target.Process),
        ["ptrace"] = target => NativeEscapes.Attaches(target.Process),
        ["process_vm_readv"] = target => NativeEscapes.ReadsMemory(target.Process, target.Address),
        ["shared memory"] = target => NativeEscapes.AttachMemory(target.SharedMemory, 0, 0) != -1,
        ["a watch of files"] = _ => NativeEscapes.InitializeWatch(0) >= 0,
        ["a shell"] = _ => RunsShell(),
        ["another program"] = _ => NativeEscapes.MayExecute(),
        ["another user"] = _ => NativeEscapes.SetUser(1, 1, 1) == 0,
    };

    public bool CanDecode => honest.CanDecode;

    public Task<InspectedImage> InspectAsync(Stream image, ImageFormat format, CancellationToken cancellationToken) =>
        throw new UnusableImageException(FailureCodes.Corrupt, string.Join(Separator, All.Where(attempt => Succeeds(attempt.Value)).Select(attempt => attempt.Key)));

    public Task<PixelImage> DecodePixelsAsync(Stream image, ImageFormat format, int side, CancellationToken cancellationToken) => throw new NotSupportedException();

    private static string Victim(EscapeTarget target, int i) => Path.Combine(target.Folder, EscapeTarget.Files[i]);

    private bool Succeeds(Func<EscapeTarget, bool> attempt)
    {
        try
        {
            return attempt(target);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or SocketException or ExternalException)
        {
            return false;
        }
    }

    private static void Lock(string path)
    {
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(path, UnixFileMode.None);
    }

    private static bool Does(Action action)
    {
        action();
        return true;
    }

    private static bool Opens(string path)
    {
        using var file = File.OpenRead(path);
        return true;
    }

    private static bool Map(string path)
    {
        using var file = MemoryMappedFile.CreateFromFile(path, FileMode.Open);
        using var view = file.CreateViewAccessor();
        view.Write(0, 42);
        view.Flush();
        return true;
    }

    private static bool CreateTemporary()
    {
        var path = Path.Combine("/tmp", Path.GetRandomFileName());
        File.Create(path).Dispose();
        File.Delete(path);
        return true;
    }

    private static bool Connects(EndPoint to, SocketType type)
    {
        using var socket = new Socket(to.AddressFamily, type, ProtocolType.Unspecified);
        socket.Connect(to);
        return socket.Send([1]) == 1;
    }

    private static bool Listens()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return true;
    }

    private static bool RunsShell()
    {
        using var shell = Process.Start("/bin/sh", ["-c", "exit 7"]);
        shell.WaitForExit();
        return shell.ExitCode == 7;
    }
}
