using NetVips;

namespace ImageAspire.Imaging.Vips;

/// <summary>Starts libvips, once in the process, at the first use.</summary>
internal static class VipsLibrary
{
    /// <summary>Loaders that may run; everything else of libvips that reads files is blocked.</summary>
    private static readonly string[] AllowedLoaders =
    [
        "VipsForeignLoadJpeg", "VipsForeignLoadPng", "VipsForeignLoadWebp", "VipsForeignLoadNsgif", "VipsForeignLoadTiff", "VipsForeignLoadHeif",
    ];

    private static readonly Lazy<string?> Started = new(Start);

    /// <summary>The library in use with its version; null when there is none for this platform, or only one that is too old. Starts it.</summary>
    public static string? Description => Started.Value;

    private static string? Start()
    {
        // 8.15 is the first whose encoders can leave all metadata out.
        if (!ModuleInitializer.VipsInitialized || !NetVips.NetVips.AtLeastLibvips(8, 15))
            return null;
        NetVips.NetVips.BlockUntrusted = true;
        Operation.Block("VipsForeignLoad", true);
        foreach (var loader in AllowedLoaders)
            Operation.Block(loader, false);
        // The Worker looks at several images at once; threads inside one image would only compete with them.
        NetVips.NetVips.Concurrency = 1;
        Cache.Max = 0; // no image is seen twice
        return $"libvips {NetVips.NetVips.Version(0)}.{NetVips.NetVips.Version(1)}.{NetVips.NetVips.Version(2)}";
    }
}
