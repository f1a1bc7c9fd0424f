using System.Text.Json.Serialization;
using ImageAspire.Core.Images;
using ImageAspire.Core.Ports;

namespace ImageAspire.Imaging.Isolation;

/// <summary>The first message to a decoder: its settings. It has no configuration of its own.</summary>
internal sealed record DecoderSettings(string Library, long MaxPixels, int MaxSide, int Quality, long MemoryBytes);

/// <summary>The answer to <see cref="DecoderSettings"/>.</summary>
/// <param name="Library">Version and file of the codec; null when there is none.</param>
/// <param name="Warning">What is not as it should be; null for nothing.</param>
internal sealed record DecoderGreeting(string? Library, string? Warning = null);

/// <summary>A request about one image.</summary>
/// <param name="Format">Name of the image's format.</param>
/// <param name="Bytes">Length of the image.</param>
/// <param name="Now">The Worker's clock, to recognise dates that lie in the future.</param>
/// <param name="Side">Only pixels are wanted, which fit into a square of this side; null for an inspection.</param>
internal sealed record DecoderRequest(string Format, long Bytes, DateTimeOffset Now, int? Side = null);

/// <summary><see cref="ImageHeader"/> without the format, which the Worker has determined.</summary>
internal sealed record DecoderHeader(
    int Width, int Height, int? Frames, int? Orientation, DateTime? TakenAtLocal, DateTimeOffset? TakenAt, CameraInfo? Camera, GeoLocation? Location, ImageMetadata? Metadata = null,
    IReadOnlyList<MetadataEdit>? MetadataEdits = null)
{
    public static DecoderHeader From(ImageHeader header) => new(
        header.Width, header.Height, header.Frames, header.Orientation, header.TakenAtLocal, header.TakenAt, header.Camera, header.Location, header.Metadata, header.MetadataEdits);

    public ImageHeader To(ImageFormat format) => new()
    {
        Format = format, Width = Width, Height = Height, Frames = Frames, Orientation = Orientation,
        TakenAtLocal = TakenAtLocal, TakenAt = TakenAt, Camera = Camera, Location = Location, Metadata = Metadata, MetadataEdits = MetadataEdits,
    };
}

/// <summary>The result; the thumbnails' bytes follow it. Only the header without a codec.</summary>
internal sealed record DecoderResult(
    DecoderHeader Header, IReadOnlyList<ThumbnailInfo>? Thumbnails = null, ImageColors? Colors = null, string? Placeholder = null, string? PerceptualHash = null, ImageDamage? Damaged = null);

/// <summary>Why there is no result: the image is unusable, or the decoder failed.</summary>
internal sealed record DecoderError(string Code, string Message);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(DecoderSettings))]
[JsonSerializable(typeof(DecoderGreeting))]
[JsonSerializable(typeof(DecoderRequest))]
[JsonSerializable(typeof(DecoderResult))]
[JsonSerializable(typeof(DecoderError))]
internal sealed partial class DecoderJson : JsonSerializerContext;
