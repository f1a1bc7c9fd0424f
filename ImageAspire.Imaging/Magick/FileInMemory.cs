using System.ComponentModel;
using System.Runtime.InteropServices;
using ImageAspire.Imaging.Isolation;
using Microsoft.Win32.SafeHandles;

namespace ImageAspire.Imaging.Magick;

/// <summary>
/// An image as a file that is in memory only. The library behind HEIC reads paths; ImageMagick would write a temporary file, which a decoder cannot.
/// </summary>
internal sealed partial class FileInMemory : IDisposable
{
    private const uint CloseOnExecute = 1; // MFD_CLOEXEC

    private readonly FileStream _file;

    private FileInMemory(SafeFileHandle handle, Stream content)
    {
        _file = new FileStream(handle, FileAccess.ReadWrite);
        Path = $"/proc/self/fd/{handle.DangerousGetHandle()}";
        content.Position = 0;
        DecoderConfinement.AllowFiles(true);
        try
        {
            content.CopyTo(_file);
            _file.Flush();
        }
        finally
        {
            DecoderConfinement.AllowFiles(false);
        }
    }

    /// <summary>By which this process reads it.</summary>
    public string Path { get; }

    /// <summary>Copies an image; null where the system has no such files.</summary>
    /// <exception cref="IOException">The image cannot be read, or the copy is larger than this process may write.</exception>
    public static FileInMemory? TryCreate(Stream content)
    {
        if (!OperatingSystem.IsLinux())
            return null;
        var handle = new SafeFileHandle(Create("image", CloseOnExecute), ownsHandle: true);
        return handle.IsInvalid ? throw new IOException("No file in memory can be made.", new Win32Exception(Marshal.GetLastPInvokeError())) : new FileInMemory(handle, content);
    }

    public void Dispose() => _file.Dispose();

    [LibraryImport("libc", EntryPoint = "memfd_create", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    private static partial int Create(string name, uint flags);
}
