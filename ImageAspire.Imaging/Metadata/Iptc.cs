using MetadataExtractor.Formats.Iptc;
using MetadataExtractor.Formats.Photoshop;
using MetadataExtractor.IO;

namespace ImageAspire.Imaging.Metadata;

/// <summary>IPTC's older block (IIM 4), alone or in Photoshop's resources. Whatever in it is broken is absent.</summary>
internal sealed class Iptc
{
    private const int DateCreated = IptcDirectory.TagDateCreated, TimeCreated = IptcDirectory.TagTimeCreated;

    private readonly MetadataExtractor.Directory? _directory;

    private Iptc(MetadataExtractor.Directory? directory) => _directory = directory;

    /// <summary>Date and time in one text, as <see cref="TakenTime"/> reads it; a time without a date is nothing.</summary>
    public string? Date => Text(DateCreated) is { } date ? Text(TimeCreated) is { } time ? $"{date} {time}" : date : null;

    /// <summary>Reads a block; null or broken gives one without entries.</summary>
    public static Iptc Read(byte[]? block)
    {
        if (block is null)
            return new Iptc(null);
        try
        {
            ReadOnlySpan<byte> resources = "Photoshop 3.0\0"u8;
            if (!block.AsSpan().StartsWith(resources) && !block.AsSpan().StartsWith("8BIM"u8))
                return new Iptc(new IptcReader().Extract(new SequentialByteArrayReader(block), block.Length));
            var start = block.AsSpan().StartsWith(resources) ? resources.Length : 0;
            return new Iptc(new PhotoshopReader().Extract(new SequentialByteArrayReader(block, start), block.Length - start).OfType<IptcDirectory>().FirstOrDefault());
        }
#pragma warning disable CA1031 // the reader throws undocumented exceptions on broken blocks; the image is usable without its IPTC
        catch (Exception)
#pragma warning restore CA1031
        {
            return new Iptc(null);
        }
    }

    /// <summary>One entry; null when it is not there.</summary>
    public string? Text(int tag) => _directory?.GetObject(tag) is not null && MetadataExtractor.DirectoryExtensions.GetString(_directory, tag)?.Trim('\0', ' ') is { Length: > 0 } text ? text : null;

    /// <summary>The keywords.</summary>
    public IEnumerable<string> Keywords => _directory is null ? [] : MetadataExtractor.DirectoryExtensions.GetStringArray(_directory, IptcDirectory.TagKeywords) ?? [];
}
