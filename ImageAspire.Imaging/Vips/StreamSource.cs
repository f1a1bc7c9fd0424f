using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace ImageAspire.Imaging.Vips;

/// <summary>
/// Lets libvips read a .NET stream. Cheaper in memory than handing over the whole file, works for every store, and a read that
/// answers "failed" once the token has ended stops any decoder in the middle.
/// </summary>
internal sealed unsafe class StreamSource : SafeHandle
{
    private readonly Stream _stream;
    private readonly CancellationToken _cancellation;

    public StreamSource(Stream stream, CancellationToken cancellation)
        : base(0, ownsHandle: true)
    {
        (_stream, _cancellation) = (stream, cancellation);
        stream.Position = 0;
        SetHandle(LibVips.vips_source_custom_new());
        // Freed by GLib when the native source goes: a pipeline that still reads from it keeps this object alive.
        var data = GCHandle.ToIntPtr(GCHandle.Alloc(this));
        delegate* unmanaged[Cdecl]<nint, byte*, long, nint, long> read = &Read;
        delegate* unmanaged[Cdecl]<nint, long, int, nint, long> seek = &Seek;
        delegate* unmanaged[Cdecl]<nint, nint, void> free = &Free;
        LibVips.g_signal_connect_data(handle, "read", read, data, null, 0);
        LibVips.g_signal_connect_data(handle, "seek", seek, data, free, 0);
    }

    /// <summary>The stream's own failure when that stopped the reading: then the image is not the cause.</summary>
    public Exception? Failure { get; private set; }

    /// <inheritdoc />
    public override bool IsInvalid => handle == 0;

    /// <inheritdoc />
    protected override bool ReleaseHandle()
    {
        LibVips.g_object_unref(handle);
        return true;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static long Read(nint source, byte* buffer, long length, nint data) =>
        Guard(data, s => s._stream.Read(new Span<byte>(buffer, (int)Math.Min(length, int.MaxValue))));

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static long Seek(nint source, long offset, int whence, nint data) => Guard(data, s =>
    {
        var target = whence switch { 0 => offset, 1 => s._stream.Position + offset, _ => s._stream.Length + offset };
        // Offsets come from the file; one outside of it is an error of the file, not of the stream.
        return target < 0 || target > s._stream.Length ? -1 : s._stream.Position = target;
    });

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Free(nint data, nint closure) => GCHandle.FromIntPtr(data).Free();

    // No exception may cross native frames.
    private static long Guard(nint data, Func<StreamSource, long> action)
    {
        var source = (StreamSource)GCHandle.FromIntPtr(data).Target!;
        try
        {
            return source._cancellation.IsCancellationRequested ? -1 : action(source);
        }
#pragma warning disable CA1031 // kept, and thrown again on the managed side
        catch (Exception error)
#pragma warning restore CA1031
        {
            source.Failure ??= error;
            return -1;
        }
    }
}
