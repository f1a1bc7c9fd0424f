using System.Text.Json.Serialization;
using ImageAspire.Core.Images;
using ImageAspire.Core.Ports;

namespace ImageAspire.Imaging.Isolation;

/// <summary>The first word: the settings that a decoder works with. It has no configuration of its own.</summary>
internal sealed record DecoderSettings(string Library, long MaxPixels, int MaxSide, int Quality, long MemoryBytes);

/// <summary>Its answer.</summary>
/// <param name="Library">Version and file of the codec; null when there is none.</param>
internal sealed record DecoderGreeting(string? Library);

/// <summary>What to do with one picture.</summary>
/// <param name="Format">Its format's name.</param>
/// <param name="Bytes">Its length.</param>
/// <param name="Now">The Worker's clock, for dates that lie in the future.</param>
/// <param name="Header">What a probe said; to decode.</param>
internal sealed record DecoderRequest(string Format, long Bytes, DateTimeOffset Now, DecoderHeader? Header = null);

/// <summary><see cref="ImageHeader"/> without the format, which the decoder has no say in.</summary>
internal sealed record DecoderHeader(
    int Width, int Height, int? Frames, int? Orientation, DateTimeOffset? TakenAt, CameraInfo? Camera, GeoLocation? Location)
{
    public static DecoderHeader From(ImageHeader header) => new(
        header.Width, header.Height, header.Frames, header.Orientation, header.TakenAt, header.Camera, header.Location);

    public ImageHeader To(ImageFormat format) => new()
    {
        Format = format, Width = Width, Height = Height, Frames = Frames, Orientation = Orientation, TakenAt = TakenAt, Camera = Camera, Location = Location,
    };
}

/// <summary>What was made; the thumbnails' bytes follow. Null in all places: there is no codec.</summary>
internal sealed record DecoderPicture(IReadOnlyList<ThumbnailInfo>? Thumbnails, ImageColors? Colors, string? Placeholder, string? PerceptualHash);

/// <summary>Why not.</summary>
internal sealed record DecoderRefusal(string Code, string Message);

/// <summary>Compile-time JSON of the messages.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(DecoderSettings))]
[JsonSerializable(typeof(DecoderGreeting))]
[JsonSerializable(typeof(DecoderRequest))]
[JsonSerializable(typeof(DecoderHeader))]
[JsonSerializable(typeof(DecoderPicture))]
[JsonSerializable(typeof(DecoderRefusal))]
internal sealed partial class DecoderJson : JsonSerializerContext;
