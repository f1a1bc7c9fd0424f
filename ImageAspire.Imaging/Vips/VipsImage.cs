using System.Runtime.InteropServices;

namespace ImageAspire.Imaging.Vips;

/// <summary>An owned reference to a <c>VipsImage</c>: pixels in memory, or a pipeline that makes them when asked.</summary>
internal sealed unsafe class VipsImage : SafeHandle
{
    /// <summary>Takes over a reference.</summary>
    public VipsImage(nint image)
        : base(0, ownsHandle: true) => SetHandle(image);

    /// <inheritdoc />
    public override bool IsInvalid => handle == 0;

    public int Width => LibVips.vips_image_get_width(handle);

    /// <summary>Height of one page.</summary>
    public int PageHeight => LibVips.vips_image_get_page_height(handle);

    public int Height => LibVips.vips_image_get_height(handle);

    public int Bands => LibVips.vips_image_get_bands(handle);

    public int Pages => LibVips.vips_image_get_n_pages(handle);

    public bool HasAlpha => LibVips.vips_image_hasalpha(handle) != 0;

    public bool HasProfile => LibVips.vips_image_get_typeof(handle, "icc-profile-data") != 0;

    /// <summary>1–8; null when the file does not say.</summary>
    public int? Orientation => LibVips.vips_image_get_typeof(handle, "orientation") == 0 ? null : LibVips.vips_image_get_orientation(handle);

    /// <summary>An 8-bit sRGB image from interleaved bytes (three bands, or four with alpha); they are copied.</summary>
    public static VipsImage FromPixels(ReadOnlySpan<byte> pixels, int width, int height, int bands)
    {
        fixed (byte* data = pixels)
        {
            var image = LibVips.vips_image_new_from_memory_copy(data, (nuint)pixels.Length, width, height, bands, 0);
            using var plain = image != 0 ? new VipsImage(image) : throw VipsException.Last("new_from_memory");
            return VipsOperation.FromImage("copy", plain, "interpretation=srgb");
        }
    }

    /// <summary>A metadata block; null when there is none.</summary>
    public byte[]? Blob(string name)
    {
        if (LibVips.vips_image_get_typeof(handle, name) == 0 || LibVips.vips_image_get_blob(handle, name, out var data, out var length) != 0)
            return null;
        return new ReadOnlySpan<byte>(data, checked((int)length)).ToArray();
    }

    /// <summary>Runs the pipeline into memory. Ending the token ends the run at the next few lines of pixels.</summary>
    public VipsImage ToMemory(CancellationToken cancellationToken)
    {
        using var kill = cancellationToken.Register(() => LibVips.vips_image_set_kill(handle, 1));
        var copy = LibVips.vips_image_copy_memory(handle);
        return copy != 0 ? new VipsImage(copy) : throw VipsException.Last("copy_memory");
    }

    /// <summary>The pixels, interleaved, one byte a band.</summary>
    public byte[] Pixels()
    {
        var data = LibVips.vips_image_write_to_memory(handle, out var size);
        if (data is null)
            throw VipsException.Last("write_to_memory");
        try
        {
            return new ReadOnlySpan<byte>(data, checked((int)size)).ToArray();
        }
        finally
        {
            LibVips.g_free(data);
        }
    }

    /// <inheritdoc />
    protected override bool ReleaseHandle()
    {
        LibVips.g_object_unref(handle);
        return true;
    }
}
