using ImageAspire.Imaging;
using ImageAspire.Vision.Analysis;

namespace ImageAspire.Tests.Vision;

/// <summary>Decodes an image as the real analysis does, and sees the same in each.</summary>
internal sealed class DecodingAnalysis(IPixelDecoder decoder) : IImageAnalysis
{
    public static IReadOnlyList<SeenObject> Objects { get; } =
        [new("person", 0.87654, new Box(0.1, 0.2, 0.3, 0.4)), new("dog", 0.5, new Box(0.5, 0.5, 0.6, 0.6)), new("person", 0.4, new Box(0, 0, 1, 1))];

    public static IReadOnlyList<SeenLine> Lines { get; } =
    [
        new("NO ENTRY", [new(0.1, 0.1), new(0.5, 0.1), new(0.5, 0.2), new(0.1, 0.2)],
            [new("NO", 0.9, [new(0.1, 0.1), new(0.2, 0.1), new(0.2, 0.2), new(0.1, 0.2)]), new("ENTRY", 0.8, [new(0.3, 0.1), new(0.5, 0.1), new(0.5, 0.2), new(0.3, 0.2)])]),
    ];

    public async Task<ImageAnalysis> AnalyzeAsync(Stream image, AnalysisRequest request, CancellationToken cancellationToken)
    {
        var pixels = await decoder.DecodePixelsAsync(image, await ImageFormats.OfAsync(image, cancellationToken), 1024, cancellationToken);
        return Seen(pixels.Width, pixels.Height, request);
    }

    public static ImageAnalysis Seen(int width, int height, AnalysisRequest request) => new()
    {
        Width = width, Height = height, Objects = Objects, Lines = Lines, Tags = [new("person", 0.9), new("outdoor", 0.61239)], Caption = new("Two people and a dog.", 0.4),
        Crops = [.. (request.AspectRatios.Count > 0 ? request.AspectRatios : [1.5]).Select(ratio => new SeenCrop(ratio, new Box(0.1, 0, 0.5, 1)))],
    };
}
