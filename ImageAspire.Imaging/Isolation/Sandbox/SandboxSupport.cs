namespace ImageAspire.Imaging.Isolation.Sandbox;

/// <summary>What this machine has for the sandbox of decoder processes.</summary>
/// <param name="IsLinux">No other platform has it.</param>
/// <param name="Landlock">The version of Landlock; 0 for none.</param>
/// <param name="HasSeccomp">Whether seccomp can be used.</param>
internal sealed record SandboxSupport(bool IsLinux, int Landlock, bool HasSeccomp)
{
    /// <summary>That of this machine.</summary>
    public static SandboxSupport Here { get; } = new(OperatingSystem.IsLinux(), Sandbox.Landlock.Version, SeccompFilter.IsAvailable);

    /// <summary>What is lacking; null for nothing. An older Landlock lacks nothing that seccomp does not refuse as well.</summary>
    public string? Missing => (IsLinux, Landlock, HasSeccomp) switch
    {
        (false, _, _) => "only Linux has a sandbox for decoders",
        (_, 0, false) => "neither Landlock nor seccomp is available here",
        (_, 0, _) => "Landlock is not available here",
        (_, _, false) => "seccomp is not available here",
        _ => null,
    };

    /// <summary>How images are decoded with these options, in words for an operator.</summary>
    public string Describe(ImagingOptions options) => (options.Isolation, options.Sandbox) switch
    {
        ("none", _) => "images are decoded in the Worker itself (Imaging:Isolation is none)",
        (_, "off") => "decoders have no sandbox (Imaging:Sandbox is off)",
        _ => Missing is null ? $"decoders run in a sandbox of Landlock {Landlock} and seccomp" : $"decoders run without the full sandbox: {Missing}",
    };
}
