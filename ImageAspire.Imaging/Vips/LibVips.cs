using System.Runtime.InteropServices;

namespace ImageAspire.Imaging.Vips;

/// <summary>
/// The functions of libvips' C API (8.14 or newer) that are used here, none of them variadic: C's variadic calls have an ABI
/// of their own on Apple arm64, which P/Invoke cannot express. <see cref="LibVipsLoader"/> decides which file is loaded.
/// </summary>
internal static unsafe partial class LibVips
{
    /// <summary>Name that stands for libvips.</summary>
    public const string Vips = "vips";

    /// <summary>Name that stands for whichever library exports GObject: libvips itself or a library it was linked with.</summary>
    public const string GObject = "gobject";

    [LibraryImport(Vips, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int vips_init(string name);

    [LibraryImport(Vips)]
    public static partial int vips_version(int part);

    [LibraryImport(Vips)]
    public static partial void vips_block_untrusted_set(int state);

    [LibraryImport(Vips, StringMarshalling = StringMarshalling.Utf8)]
    public static partial void vips_operation_block_set(string name, int state);

    [LibraryImport(Vips)]
    public static partial void vips_concurrency_set(int concurrency);

    [LibraryImport(Vips)]
    public static partial void vips_cache_set_max(int max);

    [LibraryImport(Vips)]
    public static partial byte* vips_error_buffer_copy();

    [LibraryImport(Vips, StringMarshalling = StringMarshalling.Utf8)]
    public static partial nint vips_operation_new(string name);

    [LibraryImport(Vips, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int vips_object_set_from_string(nint operation, string options);

    [LibraryImport(Vips)]
    public static partial int vips_cache_operation_buildp(ref nint operation);

    [LibraryImport(Vips)]
    public static partial void vips_object_unref_outputs(nint operation);

    [LibraryImport(Vips)]
    public static partial nint vips_source_custom_new();

    [LibraryImport(Vips)]
    public static partial nuint vips_image_get_type();

    [LibraryImport(Vips)]
    public static partial nuint vips_source_get_type();

    [LibraryImport(Vips)]
    public static partial nuint vips_blob_get_type();

    [LibraryImport(Vips)]
    public static partial void* vips_blob_get(nint blob, out nuint length);

    [LibraryImport(Vips)]
    public static partial int vips_image_get_width(nint image);

    [LibraryImport(Vips)]
    public static partial int vips_image_get_height(nint image);

    [LibraryImport(Vips)]
    public static partial int vips_image_get_bands(nint image);

    [LibraryImport(Vips)]
    public static partial int vips_image_get_page_height(nint image);

    [LibraryImport(Vips)]
    public static partial int vips_image_get_n_pages(nint image);

    [LibraryImport(Vips)]
    public static partial int vips_image_get_orientation(nint image);

    [LibraryImport(Vips, StringMarshalling = StringMarshalling.Utf8)]
    public static partial nuint vips_image_get_typeof(nint image, string name);

    [LibraryImport(Vips, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int vips_image_get_blob(nint image, string name, out void* data, out nuint length);

    [LibraryImport(Vips)]
    public static partial int vips_image_hasalpha(nint image);

    [LibraryImport(Vips)]
    public static partial void vips_image_set_kill(nint image, int kill);

    [LibraryImport(Vips)]
    public static partial nint vips_image_copy_memory(nint image);

    [LibraryImport(Vips)]
    public static partial void* vips_image_write_to_memory(nint image, out nuint size);

    [LibraryImport(Vips)]
    public static partial nint vips_image_new_from_memory_copy(void* data, nuint size, int width, int height, int bands, int format);

    [LibraryImport(GObject)]
    public static partial void g_free(void* memory);

    [LibraryImport(GObject, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int g_setenv(string name, string value, int overwrite);

    [LibraryImport(GObject)]
    public static partial void g_object_unref(nint instance);

    [LibraryImport(GObject)]
    public static partial nint g_object_ref(nint instance);

    [LibraryImport(GObject, StringMarshalling = StringMarshalling.Utf8)]
    public static partial void g_object_set_property(nint instance, string name, GValue* value);

    [LibraryImport(GObject, StringMarshalling = StringMarshalling.Utf8)]
    public static partial void g_object_get_property(nint instance, string name, GValue* value);

    [LibraryImport(GObject)]
    public static partial GValue* g_value_init(GValue* value, nuint type);

    [LibraryImport(GObject)]
    public static partial void g_value_unset(GValue* value);

    [LibraryImport(GObject)]
    public static partial void g_value_set_object(GValue* value, nint instance);

    [LibraryImport(GObject, StringMarshalling = StringMarshalling.Utf8)]
    public static partial void g_value_set_string(GValue* value, string text);

    [LibraryImport(GObject)]
    public static partial nint g_value_get_object(GValue* value);

    [LibraryImport(GObject)]
    public static partial nint g_value_get_boxed(GValue* value);

    [LibraryImport(GObject, StringMarshalling = StringMarshalling.Utf8)]
    public static partial nuint g_signal_connect_data(nint instance, string signal, void* handler, nint data, void* destroy, int flags);

    /// <summary>GLib's fundamental type number of a string (<c>G_TYPE_STRING</c>).</summary>
    public const nuint StringType = 16 << 2;

    /// <summary>GLib's <c>GValue</c>: a type and two 64-bit words.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct GValue
    {
        /// <summary>Zero before <c>g_value_init</c>.</summary>
        public nuint Type;

        private readonly ulong _first;
        private readonly ulong _second;
    }
}
