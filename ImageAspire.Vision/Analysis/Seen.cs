using ImageAspire.Imaging;

namespace ImageAspire.Vision.Analysis;

/// <summary>A rectangle in parts of the image's width and height, 0–1.</summary>
internal readonly record struct Box(double X, double Y, double Width, double Height)
{
    /// <summary>The whole image.</summary>
    public static Box Whole { get; } = new(0, 0, 1, 1);

    /// <summary>Width × height.</summary>
    public double Area => Width * Height;

    /// <summary>What it shares with another one.</summary>
    public double Shared(Box other)
    {
        var width = Math.Min(X + Width, other.X + other.Width) - Math.Max(X, other.X);
        var height = Math.Min(Y + Height, other.Y + other.Height) - Math.Max(Y, other.Y);
        return width <= 0 || height <= 0 ? 0 : width * height;
    }

    /// <summary>Intersection over union, 0–1.</summary>
    public double Overlap(Box other) => Shared(other) is > 0 and var shared ? shared / (Area + other.Area - shared) : 0;
}

/// <summary>A place in parts of the image's width and height, 0–1.</summary>
internal readonly record struct Point(double X, double Y);

/// <summary>A thing in the image.</summary>
/// <param name="Name">One of the classes of COCO.</param>
/// <param name="Confidence">0–1.</param>
/// <param name="Box">Where.</param>
internal sealed record SeenObject(string Name, double Confidence, Box Box);

/// <summary>A line of text.</summary>
/// <param name="Text">As read.</param>
/// <param name="Polygon">Four corners, from the top left of the text in its reading direction, clockwise.</param>
/// <param name="Words">Its words, in reading order.</param>
internal sealed record SeenLine(string Text, IReadOnlyList<Point> Polygon, IReadOnlyList<SeenWord> Words);

/// <summary>A word of a line.</summary>
/// <param name="Text">As read.</param>
/// <param name="Confidence">0–1.</param>
/// <param name="Polygon">As of its line.</param>
internal sealed record SeenWord(string Text, double Confidence, IReadOnlyList<Point> Polygon);

/// <summary>A name with a confidence of 0–1: a tag, or a caption.</summary>
internal sealed record Claim(string Name, double Confidence);

/// <summary>A part of the image in a shape.</summary>
/// <param name="AspectRatio">Width divided by height.</param>
/// <param name="Box">Where.</param>
internal sealed record SeenCrop(double AspectRatio, Box Box);

/// <summary>What was asked for.</summary>
/// <param name="Features">One or more.</param>
/// <param name="AspectRatios">Of smart crops, each 0.75–1.8; empty for one in the image's own shape.</param>
internal sealed record AnalysisRequest(VisualFeatures Features, IReadOnlyList<double> AspectRatios);

/// <summary>Features of the public API.</summary>
[Flags]
internal enum VisualFeatures
{
    None = 0,
    Tags = 1,
    Caption = 2,
    DenseCaptions = 4,
    Objects = 8,
    Read = 16,
    SmartCrops = 32,
    People = 64,
}

/// <summary>What was seen. What was not asked for is null, and was not computed.</summary>
internal sealed record ImageAnalysis
{
    /// <summary>Of the upright original, in pixels.</summary>
    public required int Width { get; init; }

    /// <summary>Of the upright original, in pixels.</summary>
    public required int Height { get; init; }

    /// <summary>Things, most confident first, each once.</summary>
    public IReadOnlyList<SeenObject>? Objects { get; init; }

    /// <summary>Lines of text in reading order.</summary>
    public IReadOnlyList<SeenLine>? Lines { get; init; }

    /// <summary>Most confident first, each name once.</summary>
    public IReadOnlyList<Claim>? Tags { get; init; }

    /// <summary>One sentence.</summary>
    public Claim? Caption { get; init; }

    /// <summary>One for each aspect ratio.</summary>
    public IReadOnlyList<SeenCrop>? Crops { get; init; }
}

/// <summary>Looks at images.</summary>
internal interface IImageAnalysis
{
    /// <summary>Does what was asked for, and nothing else.</summary>
    /// <param name="image">Untrusted; it can seek.</param>
    /// <param name="request">What is wanted.</param>
    /// <param name="cancellationToken">Ends decoding and inference.</param>
    /// <exception cref="Core.Ports.UnusableImageException">Not an image that can be analyzed.</exception>
    Task<ImageAnalysis> AnalyzeAsync(Stream image, AnalysisRequest request, CancellationToken cancellationToken);

    /// <summary>Loads what analyses need, and looks at an image: the first one is then as fast as the next.</summary>
    /// <param name="image">Has a bit of everything; it can seek.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="Models.ModelException">A model is missing or damaged.</exception>
    Task WarmUpAsync(Stream image, CancellationToken cancellationToken) =>
        AnalyzeAsync(image, new AnalysisRequest(VisualFeatures.Tags | VisualFeatures.Caption | VisualFeatures.Read, []), cancellationToken);
}

/// <summary>Reads text.</summary>
internal interface ITextReader
{
    /// <summary>The lines of text, in reading order; without those that are probably invented.</summary>
    /// <param name="image">Up to 1,600 pixels a side.</param>
    /// <param name="cancellationToken">Ends an inference.</param>
    IReadOnlyList<SeenLine> Read(RgbPixels image, CancellationToken cancellationToken);
}

/// <summary>Finds faces: where they are, and nothing else of them.</summary>
internal interface IFaceDetector
{
    /// <summary>Boxes of faces, the surest first.</summary>
    /// <param name="image">Up to 1,600 pixels a side.</param>
    /// <param name="cancellationToken">Ends an inference.</param>
    IReadOnlyList<Box> Detect(RgbPixels image, CancellationToken cancellationToken);
}

/// <summary>Finds things and people.</summary>
internal interface IObjectDetector
{
    /// <summary>What is in the image, most confident first, each thing once.</summary>
    /// <param name="image">Up to 1,600 pixels a side.</param>
    /// <param name="cancellationToken">Ends an inference.</param>
    IReadOnlyList<SeenObject> Detect(RgbPixels image, CancellationToken cancellationToken);
}
