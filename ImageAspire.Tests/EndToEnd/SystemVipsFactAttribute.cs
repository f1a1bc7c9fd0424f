namespace ImageAspire.Tests.EndToEnd;

/// <summary>A test that needs the system's own libvips.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class SystemVipsFactAttribute : FactAttribute
{
    private static readonly string[] Folders = ["/usr/lib", "/usr/lib64", "/usr/lib/x86_64-linux-gnu", "/usr/lib/aarch64-linux-gnu"];

    public SystemVipsFactAttribute()
    {
        if (!Folders.Any(folder => File.Exists(Path.Combine(folder, "libvips.so.42"))))
            Skip = "The system has no libvips. Install it (Debian: apt-get install libvips42).";
    }
}
