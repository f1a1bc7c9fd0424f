using ImageAspire.Core.Images;

namespace ImageAspire.Tests.Hostile;

/// <summary>A file made to hurt.</summary>
/// <param name="Name">What is wrong with it.</param>
/// <param name="Bytes">Its bytes.</param>
/// <param name="Code">How it must be refused; null: it may be refused in any way, or decoded.</param>
internal sealed record HostileFile(string Name, byte[] Bytes, string? Code = null)
{
    /// <summary>What it claims to be by its first bytes.</summary>
    public ImageFormat Format { get; init; } = ImageFormat.Sniff(Bytes) ?? throw new ArgumentException($"{Name}: the signature is gone, the Api would not accept it.");
}

/// <summary>Every hostile file. Made, never copied; the same every time.</summary>
internal static class HostileCorpus
{
    public static IEnumerable<HostileFile> All() =>
    [
        .. HostilePng.Files(), .. HostileGif.Files(), .. HostileJpeg.Files(), .. HostileWebp.Files(), .. HostileTiff.Files(), .. HostileRaw.Files(),
        .. HostileBmp.Files(), .. HostileAvif.Files(), .. HostileMagick.Files(), .. Polyglots.Files(), .. TruncatedFiles.Files(),
    ];
}
