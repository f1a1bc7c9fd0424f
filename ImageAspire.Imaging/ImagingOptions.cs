namespace ImageAspire.Imaging;

/// <summary>Settings of the codec (configuration section <c>Imaging</c>).</summary>
internal sealed class ImagingOptions
{
    /// <summary><c>auto</c>: libvips. <c>none</c>: no codec, headers only.</summary>
    public string Library { get; set; } = "auto";

    /// <summary>Most pixels (width × height of one frame) that are decoded; more is rejected from the header alone.</summary>
    public long MaxPixels { get; set; } = 100_000_000;

    /// <summary>
    /// Longest side in pixels; more is rejected from the header alone, as too many pixels are. Codecs hold whole rows and tables of
    /// rows, so that a few pixels in one enormous row cost gigabytes. 65,535 is the maximum of JPEG and GIF.
    /// </summary>
    public int MaxSide { get; set; } = 65_535;

    /// <summary>WebP and JPEG quality of thumbnails, 1–100.</summary>
    public int Quality { get; set; } = 80;

    /// <summary>
    /// <c>process</c>: untrusted bytes are parsed in child processes only. <c>none</c>: in this process, for places that forbid child
    /// processes; then an image that crashes the codec crashes the Worker.
    /// </summary>
    public string Isolation { get; set; } = "process";

    /// <summary>
    /// On Linux, <c>auto</c>: decoder processes run in a sandbox of what the kernel has; a warning names what it lacks. <c>required</c>: the
    /// Worker does not start where something is lacking. <c>off</c>: no sandbox.
    /// </summary>
    public string Sandbox { get; set; } = "auto";

    /// <summary>Most decoder processes, 1–256; more images wait. Default: the number of cores.</summary>
    public int Decoders { get; set; } = Environment.ProcessorCount;

    /// <summary>Time limit of one call to a decoder: reading the header, or decoding.</summary>
    public TimeSpan DecoderTimeLimit { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>
    /// Most memory of one decoder in bytes, at least 128 MiB. Default: 2 GiB, or less where all decoders together would take more than
    /// half of what the machine or its container has.
    /// </summary>
    public long DecoderMemoryBytes { get; set; } = Math.Clamp(
        GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / (2 * Environment.ProcessorCount), 256L << 20, 2048L << 20);

    /// <summary>A decoder that holds more than this when it has answered is replaced, in bytes.</summary>
    public long DecoderRestingBytes { get; set; } = 192L << 20;

    /// <summary>After so many answers (one an image) a decoder is replaced.</summary>
    public int DecoderAnswers { get; set; } = 1000;

    /// <summary>A decoder that was idle for so long is ended.</summary>
    public TimeSpan DecoderIdleTime { get; set; } = TimeSpan.FromMinutes(1);
}
