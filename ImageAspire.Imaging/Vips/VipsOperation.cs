using System.Runtime.InteropServices;

namespace ImageAspire.Imaging.Vips;

/// <summary>Calls a libvips operation by name: pointers as GObject properties, everything else as libvips' own option text.</summary>
internal static unsafe class VipsOperation
{
    /// <summary>An operation with a source that gives an image, for example <c>jpegload_source</c>.</summary>
    /// <param name="name">Name of the operation.</param>
    /// <param name="source">What to read.</param>
    /// <param name="options">Options of the operation.</param>
    /// <param name="loaderOptions">Of <c>thumbnail_source</c>: options of the loader that it picks.</param>
    public static VipsImage FromSource(string name, StreamSource source, string options = "", string? loaderOptions = null) =>
        Run(name, "source", LibVips.vips_source_get_type(), source, options, TakeImage, loaderOptions);

    /// <summary>An operation on an image that gives an image, for example <c>thumbnail_image</c>.</summary>
    public static VipsImage FromImage(string name, VipsImage image, string options = "") =>
        Run(name, "in", LibVips.vips_image_get_type(), image, options, TakeImage);

    /// <summary>An encoder, for example <c>webpsave_buffer</c>.</summary>
    public static byte[] Encode(string name, VipsImage image, string options) =>
        Run(name, "in", LibVips.vips_image_get_type(), image, options, TakeBytes);

    private static T Run<T>(string name, string property, nuint type, SafeHandle input, string options, Func<nint, T> take, string? loaderOptions = null)
    {
        var operation = LibVips.vips_operation_new(name);
        if (operation == 0)
            throw VipsException.Last(name);
        try
        {
            var value = default(LibVips.GValue);
            LibVips.g_value_init(&value, type);
            LibVips.g_value_set_object(&value, input.DangerousGetHandle());
            LibVips.g_object_set_property(operation, property, &value);
            LibVips.g_value_unset(&value);
            if (loaderOptions is not null)
            {
                LibVips.g_value_init(&value, LibVips.StringType);
                LibVips.g_value_set_string(&value, loaderOptions);
                LibVips.g_object_set_property(operation, "option-string", &value);
                LibVips.g_value_unset(&value);
            }

            if ((options.Length > 0 && LibVips.vips_object_set_from_string(operation, options) != 0)
                || LibVips.vips_cache_operation_buildp(ref operation) != 0)
            {
                throw VipsException.Last(name);
            }

            return take(operation);
        }
        finally
        {
            LibVips.vips_object_unref_outputs(operation);
            LibVips.g_object_unref(operation);
            GC.KeepAlive(input);
        }
    }

    private static VipsImage TakeImage(nint operation)
    {
        var value = default(LibVips.GValue);
        LibVips.g_value_init(&value, LibVips.vips_image_get_type());
        LibVips.g_object_get_property(operation, "out", &value);
        var image = new VipsImage(LibVips.g_object_ref(LibVips.g_value_get_object(&value)));
        LibVips.g_value_unset(&value);
        return image;
    }

    private static byte[] TakeBytes(nint operation)
    {
        var value = default(LibVips.GValue);
        LibVips.g_value_init(&value, LibVips.vips_blob_get_type());
        LibVips.g_object_get_property(operation, "buffer", &value);
        var data = LibVips.vips_blob_get(LibVips.g_value_get_boxed(&value), out var length);
        var bytes = new ReadOnlySpan<byte>(data, checked((int)length)).ToArray();
        LibVips.g_value_unset(&value);
        return bytes;
    }
}
