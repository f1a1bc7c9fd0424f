using System.Buffers.Binary;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using ImageAspire.Core.Images;
using ImageAspire.Core.Ports;

namespace ImageAspire.Imaging.Isolation;

/// <summary>
/// Turns a decoder's answers into the port's results. A decoder that a hostile image has taken over may answer anything, so every value is
/// checked against what an intact decoder can answer, and text is cleaned.
/// </summary>
internal static partial class DecoderResponses
{
    private const int MaxText = 200, MaxMessage = 600, MaxPlaceholder = 1024, MaxColours = 16, MaxDescription = 2000, MaxKeywords = 100, MaxTrace = 2000;
    private const int PixelImageBytes = 16; // before the pixels

    private static readonly string[] Codes =
        [FailureCodes.Corrupt, FailureCodes.Truncated, FailureCodes.TooManyPixels, FailureCodes.NoPixels, FailureCodes.UnsupportedVariant];

    /// <summary>The result of an inspection. Thumbnails are views of the answer, not copies.</summary>
    /// <exception cref="UnusableImageException">The decoder refuses the image.</exception>
    /// <exception cref="InvalidDataException">The answer is impossible.</exception>
    public static InspectedImage Inspected(Frame answer, ImageFormat format, long imageBytes, ImagingOptions options)
    {
        var content = Only(answer, FrameKind.Inspected).Content.AsMemory();
        Check(content.Length >= 4, "length");
        var length = BinaryPrimitives.ReadInt32LittleEndian(content.Span);
        Check(length >= 0 && length <= content.Length - 4, "length");
        var result = Parse(content.Slice(4, length).Span, DecoderJson.Default.DecoderResult);
        Check(result.Header is not null, "header");
        Check(result.Header!.MetadataEdits is not { } edits || MetadataEdits.AreValid(edits, imageBytes), "edits");
        return new InspectedImage(Header(result.Header, format, options), Decoded(result, content[(4 + length)..]));
    }

    /// <summary>Pixels that fit into a square. They are a view of the answer, not a copy.</summary>
    /// <exception cref="UnusableImageException">The decoder refuses the image.</exception>
    /// <exception cref="InvalidDataException">The answer is impossible.</exception>
    public static PixelImage Pixels(Frame answer, int side, ImagingOptions options)
    {
        var content = Only(answer, FrameKind.Pixels).Content.AsMemory();
        Check(content.Length >= PixelImageBytes, "length");
        int Number(int at) => BinaryPrimitives.ReadInt32LittleEndian(content.Span[(4 * at)..]);
        var (width, height, shownWidth, shownHeight) = (Number(0), Number(1), Number(2), Number(3));
        CheckSize(width, height, options);
        Check(shownWidth >= 1 && shownHeight >= 1 && shownWidth <= side && shownHeight <= side, "pixels");
        Check(content.Length == PixelImageBytes + shownWidth * shownHeight * 3, "length");
        return new PixelImage(width, height, new RgbPixels(shownWidth, shownHeight, content[PixelImageBytes..]));
    }

    private static ImageHeader Header(DecoderHeader header, ImageFormat format, ImagingOptions options)
    {
        CheckSize(header.Width, header.Height, options);
        Check(header.Frames is null or >= 2, "frames");
        Check(header.TakenAtLocal is null or { Kind: DateTimeKind.Unspecified }, "date");
        Check(header.Orientation is null or (>= 0 and <= 8), "orientation");
        Check(header.Location is null or { Latitude: >= -90 and <= 90, Longitude: >= -180 and <= 180, AltitudeMeters: null or (>= -12_000 and <= 100_000) }, "location");
        var camera = header.Camera;
        return (header with
        {
            Camera = camera is null ? null : camera with
            {
                Make = Clean(camera.Make, MaxText), Model = Clean(camera.Model, MaxText), Lens = Clean(camera.Lens, MaxText),
            },
            Metadata = Metadata(header.Metadata),
        }).To(format);
    }

    private static void CheckSize(int width, int height, ImagingOptions options)
    {
        Check(width >= 1 && height >= 1 && (long)width * height <= options.MaxPixels, "size");
        Check(Math.Max(width, height) <= options.MaxSide, "side");
    }

    // Null without a codec.
    private static DecodedImage? Decoded(DecoderResult result, ReadOnlyMemory<byte> content)
    {
        if (result.Thumbnails is null)
            return null;
        var thumbnails = new List<DecodedThumbnail>(result.Thumbnails.Count);
        foreach (var info in result.Thumbnails)
        {
            Check(info is { Size: 256 or 1024 or 2048, Width: >= 1, Height: >= 1 } && info.Width <= info.Size && info.Height <= info.Size, "thumbnail");
            Check(info.Bytes >= 1 && info.Bytes <= content.Length, "thumbnail length");
            var bytes = content[..(int)info.Bytes];
            Check(info.ContentType is "image/webp" or "image/jpeg" && ImageFormat.Sniff(bytes.Span)?.ContentType == info.ContentType, "thumbnail type");
            thumbnails.Add(new DecodedThumbnail(info, bytes));
            content = content[(int)info.Bytes..];
        }

        Check(content.IsEmpty && thumbnails.Count is 4 or 6 && thumbnails.DistinctBy(one => (one.Info.Size, one.Info.ContentType)).Count() == thumbnails.Count, "thumbnails");
        Check(result.Damaged is null or { Reason: ImageDamage.Truncated or ImageDamage.Corrupt, Missing: null or (>= 0 and <= 1) }, "damage");
        return new DecodedImage(
            thumbnails, Colours(result.Colors), Matching(result.Placeholder, Placeholder(), MaxPlaceholder), Matching(result.PerceptualHash, Hash(), 16), result.Damaged);
    }

    private static ImageMetadata? Metadata(ImageMetadata? metadata)
    {
        Check(metadata is null or { Rating: null or (>= 1 and <= 5) } and { Keywords: null or { Count: <= MaxKeywords } }, "metadata");
        return metadata is null ? null : new ImageMetadata(
            Clean(metadata.Title, MaxText), Clean(metadata.Description, MaxDescription), metadata.Keywords?.Select(word => Clean(word, MaxText)!).ToList(), metadata.Rating,
            Clean(metadata.Creator, MaxText), Clean(metadata.Copyright, MaxText));
    }

    /// <summary>Printable text of bounded length: no control, no invisible format character.</summary>
    public static string? Clean(string? text, int maxLength)
    {
        if (text is null)
            return null;
        var clean = new StringBuilder(Math.Min(text.Length, maxLength));
        foreach (var rune in text.EnumerateRunes())
        {
            if (clean.Length + rune.Utf16SequenceLength > maxLength)
                break;
            var category = Rune.GetUnicodeCategory(rune);
            if (category is System.Globalization.UnicodeCategory.Control or System.Globalization.UnicodeCategory.LineSeparator)
                clean.Append(' ');
            else if (category is not System.Globalization.UnicodeCategory.Format)
                clean.Append(rune);
        }

        return clean.ToString().Trim();
    }

    private static Frame Only(Frame answer, FrameKind expected)
    {
        if (answer.Kind == expected)
            return answer;
        Check(answer.Kind is FrameKind.Refused or FrameKind.Failed, $"{answer.Kind} instead of {expected}");
        var refusal = Parse(answer.Content, DecoderJson.Default.DecoderError);
        if (answer.Kind == FrameKind.Failed)
            throw Failure(refusal);
        Check(Codes.Contains(refusal.Code), "code");
        throw new UnusableImageException(refusal.Code, Clean(refusal.Message, MaxMessage)!);
    }

    // The first line is for the record; the stack trace below it is for the log, which has inner exceptions.
    private static InvalidOperationException Failure(DecoderError error)
    {
        var parts = error.Message.Split('\n', 2);
        var trace = parts.Length == 2 ? new InvalidOperationException(Clean(parts[1], MaxTrace)) : null;
        return new InvalidOperationException($"The decoder failed: {Clean(error.Code, MaxText)}: {Clean(parts[0], MaxMessage)}", trace);
    }

    private static T Parse<T>(ReadOnlySpan<byte> json, System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> type)
        where T : class => JsonSerializer.Deserialize(json, type) ?? throw new InvalidDataException("The answer is null.");

    private static ImageColors Colours(ImageColors? colors)
    {
        Check(colors is { Dominant.Count: >= 1 and <= MaxColours, Brightness: >= 0 and <= 1, Contrast: >= 0 and <= 1, Sharpness: >= 0 and <= 1 }, "colours");
        foreach (var colour in (string[])[.. colors!.Dominant, colors.Accent])
            Matching(colour, Colour(), 7);
        return colors;
    }

    private static string Matching(string? text, Regex pattern, int maxLength)
    {
        Check(text is not null && text.Length <= maxLength && pattern.IsMatch(text), "text");
        return text!;
    }

    private static void Check(bool possible, string what)
    {
        if (!possible)
            throw new InvalidDataException($"The answer is impossible: {what}.");
    }

    [GeneratedRegex(@"\A#[0-9a-f]{6}\z")]
    private static partial Regex Colour();

    [GeneratedRegex(@"\A[0-9a-f]{16}\z")]
    private static partial Regex Hash();

    [GeneratedRegex(@"\Adata:image/webp;base64,[A-Za-z0-9+/]+=*\z")]
    private static partial Regex Placeholder();
}
