using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace ImageAspire.Embedded.Files;

/// <summary>Whether something on Unix is a regular file, which .NET does not say: it takes pipes and devices for files.</summary>
internal static partial class FileKind
{
    private const int TypeMask = 0xF000, Regular = 0x8000; // S_IFMT, S_IFREG
    private const int CurrentFolder = -100, NoFollow = 0x100, OfDescriptor = 0x1000; // AT_FDCWD, AT_SYMLINK_NOFOLLOW, AT_EMPTY_PATH
    private const uint TypeOnly = 1; // STATX_TYPE
    private const int StatusBytes = 256; // struct statx; struct stat of macOS is smaller
    private const int ModeAt = 28, ModeAtMac = 4;

    /// <summary>Whether an open file is one.</summary>
    /// <exception cref="IOException">The file system does not say.</exception>
    public static bool IsRegular(SafeFileHandle handle)
    {
        Span<byte> status = stackalloc byte[StatusBytes];
        var result = OperatingSystem.IsMacOS()
            ? RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? FstatMac(handle, status) : FstatMacX64(handle, status)
            : StatxHandle(handle, "", OfDescriptor, TypeOnly, status);
        return result == 0 ? IsRegular(status) : throw new IOException($"Cannot look at an open file: {Marshal.GetLastPInvokeErrorMessage()}", Marshal.GetLastPInvokeError());
    }

    /// <summary>Whether a name is one's, and no link's; false also when there is none.</summary>
    public static bool IsRegular(string path)
    {
        Span<byte> status = stackalloc byte[StatusBytes];
        var result = OperatingSystem.IsMacOS()
            ? RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? LstatMac(path, status) : LstatMacX64(path, status)
            : StatxPath(CurrentFolder, path, NoFollow, TypeOnly, status);
        return result == 0 && IsRegular(status);
    }

    private static bool IsRegular(ReadOnlySpan<byte> status) =>
        (BinaryPrimitives.ReadUInt16LittleEndian(status[(OperatingSystem.IsMacOS() ? ModeAtMac : ModeAt)..]) & TypeMask) == Regular;

    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int StatxHandle(SafeFileHandle folder, string path, int flags, uint mask, Span<byte> status);

    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int StatxPath(int folder, string path, int flags, uint mask, Span<byte> status);

    [LibraryImport("libc", EntryPoint = "fstat", SetLastError = true)]
    private static partial int FstatMac(SafeFileHandle handle, Span<byte> status);

    [LibraryImport("libc", EntryPoint = "fstat$INODE64", SetLastError = true)]
    private static partial int FstatMacX64(SafeFileHandle handle, Span<byte> status);

    [LibraryImport("libc", EntryPoint = "lstat", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int LstatMac(string path, Span<byte> status);

    [LibraryImport("libc", EntryPoint = "lstat$INODE64", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int LstatMacX64(string path, Span<byte> status);
}
