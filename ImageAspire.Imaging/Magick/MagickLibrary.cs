using ImageMagick;

namespace ImageAspire.Imaging.Magick;

/// <summary>
/// Starts ImageMagick, once in the process, at the first use. It reads the formats that libvips lacks. By default it could also fetch addresses,
/// run programs and read scripts: it is used only when its policy, a file beside the program, is seen to be in force.
/// </summary>
internal static class MagickLibrary
{
    // A frame larger than a codec's own limits is refused from the header; these hold for what a file hides in its other parts. Layers of a
    // Photoshop file count as frames.
    private const ulong MaxFrames = 10_000, MaxProfileBytes = 4 << 20;

    // An image that is made from nothing: allowed by ImageMagick, forbidden by the policy.
    private const string Forbidden = "xc:red";

    // Of this process alone; ImageMagick reads it at its first use.
    private const string PolicyVariable = "MAGICK_CONFIGURE_PATH";

    private static readonly Lazy<string?> Started = new(Start);

    /// <summary>What ImageMagick reads when it starts.</summary>
    public static IEnumerable<string> PolicyFiles => [Path.Combine(PolicyFolder, "policy.xml"), Path.Combine(PolicyFolder, "delegates.xml")];

    /// <summary>The library in use with its version; null when there is none for this platform. Starts it.</summary>
    /// <exception cref="InvalidOperationException">Its policy is not in force. That is not the fault of an image.</exception>
    public static string? Description => Started.Value;

    private static string PolicyFolder => Path.Combine(AppContext.BaseDirectory, "Magick");

    private static string? Start()
    {
        try
        {
            if (!IsRestricted())
                throw new InvalidOperationException($"ImageMagick's policy is not in force: {string.Join(" or ", PolicyFiles)} is missing or cannot be read. Build or install the program again.");
        }
        catch (Exception error) when (error is TypeInitializationException or DllNotFoundException)
        {
            return null;
        }

        ResourceLimits.Disk = 0;
        ResourceLimits.ListLength = MaxFrames;
        ResourceLimits.MaxProfileSize = MaxProfileBytes;
        return MagickNET.ImageMagickVersion.Split(' ') is ["ImageMagick", var version, ..] ? $"ImageMagick {version}" : "ImageMagick";
    }

    private static bool IsRestricted()
    {
        MagickNET.SetEnvironmentVariable(PolicyVariable, PolicyFolder);
        try
        {
            using var image = new MagickImage(Forbidden, new MagickReadSettings { Width = 1, Height = 1 });
            return false;
        }
        catch (MagickPolicyErrorException)
        {
            return true;
        }
    }
}
