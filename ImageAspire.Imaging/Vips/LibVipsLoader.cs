using System.Reflection;
using System.Runtime.InteropServices;

namespace ImageAspire.Imaging.Vips;

/// <summary>Finds and starts libvips, once in the process, at the first use.</summary>
internal static class LibVipsLoader
{
    private static readonly Lock StartLock = new();
    private static bool _tried;
    private static nint _vips;
    private static nint _gobject;

    /// <summary>Loaders that may run; everything else of libvips that reads files is blocked.</summary>
    private static readonly string[] AllowedLoaders =
    [
        "VipsForeignLoadJpeg", "VipsForeignLoadPng", "VipsForeignLoadWebp", "VipsForeignLoadNsgif", "VipsForeignLoadTiff", "VipsForeignLoadHeif",
    ];

    /// <summary>Version and file of the library in use; null when there is none.</summary>
    public static string? Description { get; private set; }

    /// <summary>Loads and starts libvips unless that was done; false when no usable one is found. The first caller's choice stays.</summary>
    /// <param name="library"><see cref="ImagingOptions.Library"/>, not <c>none</c>.</param>
    public static bool TryStart(string library)
    {
        lock (StartLock)
        {
            if (_tried)
                return Description is not null;
            _tried = true;
            NativeLibrary.SetDllImportResolver(typeof(LibVips).Assembly, Resolve);
            // With the assembly, so that a bare name is also looked for among the native files of NuGet packages.
            foreach (var candidate in Candidates(library))
            {
                if (NativeLibrary.TryLoad(candidate, typeof(LibVips).Assembly, null, out _vips) && TryStartLoaded(candidate))
                    return true;
            }

            return false;
        }
    }

    private static bool TryStartLoaded(string candidate)
    {
        // Debian and Homebrew link GObject as a library of its own; looking up a symbol follows those links everywhere but on Windows.
        _gobject = _vips;
        if (!NativeLibrary.TryGetExport(_vips, "g_object_set_property", out _) && !NativeLibrary.TryLoad("libgobject-2.0-0.dll", out _gobject))
            return false;
        _ = LibVips.g_setenv("VIPS_WARNING", "0", 1); // its presence silences warnings on stderr; errors come as return values
        if (LibVips.vips_init("ImageAspire") != 0)
            return false;
        var (major, minor, micro) = (LibVips.vips_version(0), LibVips.vips_version(1), LibVips.vips_version(2));
        if ((major, minor).CompareTo((8, 14)) < 0)
            return false;

        LibVips.vips_block_untrusted_set(1);
        LibVips.vips_operation_block_set("VipsForeignLoad", 1);
        foreach (var loader in AllowedLoaders)
            LibVips.vips_operation_block_set(loader, 0);
        // The Worker looks at several images at once; threads inside one image would only compete with them.
        LibVips.vips_concurrency_set(1);
        LibVips.vips_cache_set_max(0); // no image is seen twice
        Description = $"libvips {major}.{minor}.{micro} ({candidate})";
        return true;
    }

    private static nint Resolve(string name, Assembly assembly, DllImportSearchPath? search) => name switch
    {
        LibVips.Vips => _vips,
        LibVips.GObject => _gobject,
        _ => 0,
    };

    private static IEnumerable<string> Candidates(string library)
    {
        if (library != "auto")
        {
            yield return library;
            yield break;
        }

        // The package NetVips.Native brings the library for this platform; the loader looks there first, then among the system's.
        if (OperatingSystem.IsWindows())
        {
            yield return "libvips-42.dll";
        }
        else if (OperatingSystem.IsMacOS())
        {
            yield return "libvips.42.dylib";
            yield return "/opt/homebrew/lib/libvips.42.dylib"; // Homebrew's folders are not searched by default
            yield return "/usr/local/lib/libvips.42.dylib";
        }
        else
        {
            yield return "libvips.so.42";
        }
    }
}
