using System.Diagnostics;
using ImageAspire.Core.Diagnostics;
using ImageAspire.Imaging;
using ImageAspire.Vision.Analysis;
using ImageAspire.Vision.Description;

namespace ImageAspire.Vision.Engine;

/// <summary>Decodes an image once and computes what was asked for, each step in a span of its own. An engine loads its models when it is needed first.</summary>
internal sealed class ImageAnalyzer(IPixelDecoder decoder, Lazy<IObjectDetector> detector, Lazy<IFaceDetector> faces, Lazy<ITextReader> reader) : IImageAnalysis
{
    // The detector looks at 410 pixels; text needs more.
    private const int Side = 1024, SideForText = 1600;
    private const VisualFeatures OfObjects = VisualFeatures.Tags | VisualFeatures.Caption | VisualFeatures.DenseCaptions | VisualFeatures.Objects | VisualFeatures.People | VisualFeatures.SmartCrops;
    private const VisualFeatures OfFacts = VisualFeatures.Tags | VisualFeatures.Caption | VisualFeatures.DenseCaptions;
    private const double ObjectWeight = 4, FaceWeight = 12; // of a cell within a thing or a face, beside the mean cell

    /// <inheritdoc />
    public async Task<ImageAnalysis> AnalyzeAsync(Stream image, AnalysisRequest request, CancellationToken cancellationToken)
    {
        var decoded = await DecodeAsync(image, Wants(request, VisualFeatures.Read) ? SideForText : Side, cancellationToken);
        // A thread of its own: it computes for long, and the pool has a thread for each core.
        return await Task.Factory.StartNew(() => Look(decoded, request, cancellationToken), cancellationToken, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    /// <summary>The decoder is a process, and each engine has models of its own: they start side by side.</summary>
    public async Task WarmUpAsync(Stream image, CancellationToken cancellationToken)
    {
        var decoding = Task.Run(() => DecodeAsync(image, SideForText, cancellationToken), cancellationToken);
        await Task.WhenAll(decoding,
            RunAsync(reader, (one, pixels) => one.Read(pixels, cancellationToken)),
            RunAsync(detector, (one, pixels) => one.Detect(pixels, cancellationToken)),
            RunAsync(faces, (one, pixels) => one.Detect(pixels, cancellationToken)));

        Task RunAsync<T>(Lazy<T> engine, Action<T, RgbPixels> look) =>
            Task.Run(async () => look(engine.Value, (await decoding).Pixels), cancellationToken);
    }

    private async Task<PixelImage> DecodeAsync(Stream image, int side, CancellationToken cancellationToken)
    {
        using var step = Spans.Wanted ? Telemetry.Source.StartActivity("decode") : null; // the warm-up belongs to no trace
        return await decoder.DecodePixelsAsync(image, await ImageFormats.OfAsync(image, cancellationToken), side, cancellationToken);
    }

    private ImageAnalysis Look(PixelImage image, AnalysisRequest request, CancellationToken cancellationToken)
    {
        var objects = Wants(request, OfObjects) ? Step("detect", () => detector.Value.Detect(image.Pixels, cancellationToken)) : null;
        var facts = Wants(request, OfFacts) ? Step("measure", () => MeasuredFacts.Of(image.Pixels)) : null;
        var lines = Wants(request, VisualFeatures.Read) ? Step("read", () => reader.Value.Read(image.Pixels, cancellationToken)) : null;
        return new ImageAnalysis
        {
            Width = image.Width, Height = image.Height, Objects = objects, Lines = lines,
            Tags = Wants(request, VisualFeatures.Tags) ? Tags.Of(objects!, facts!, lines is { Count: > 0 }) : null,
            Caption = facts is null ? null : Caption.Of(objects!, facts),
            Crops = Wants(request, VisualFeatures.SmartCrops) ? Step("crop", () => SmartCrops.Of(image, Interesting(image, objects!, cancellationToken), request.AspectRatios)) : null,
        };
    }

    // A crop that shows people must not cut their faces.
    private List<(Box Box, double Weight)> Interesting(PixelImage image, IReadOnlyList<SeenObject> objects, CancellationToken cancellationToken) =>
        [.. objects.Select(one => (one.Box, ObjectWeight * one.Confidence)), .. faces.Value.Detect(image.Pixels, cancellationToken).Select(face => (face, FaceWeight))];

    private static bool Wants(AnalysisRequest request, VisualFeatures any) => (request.Features & any) != VisualFeatures.None;

    private static T Step<T>(string name, Func<T> compute)
    {
        using var step = Telemetry.Source.StartActivity(name, ActivityKind.Internal);
        return compute();
    }
}
