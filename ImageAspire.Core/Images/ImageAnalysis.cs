namespace ImageAspire.Core.Images;

/// <summary>What an analyser saw in an image. Boxes are in pixels of the upright original.</summary>
public sealed record ImageAnalysis
{
    /// <summary>The provider that only measures, and makes no vectors.</summary>
    public const string BuiltIn = "built-in";

    /// <summary>Who looked: <c>built-in</c>, <c>local-vision</c> or <c>azure-ai-vision</c>.</summary>
    public required string Provider { get; init; }

    /// <summary>Name and version of the model.</summary>
    public required string Model { get; init; }

    /// <summary>One plain sentence.</summary>
    public string? Caption { get; init; }

    /// <summary>Tags with their confidence: what is in the image before what was measured on it, each most confident first.</summary>
    public IReadOnlyList<ImageTag> Tags { get; init; } = [];

    /// <summary>Objects with boxes.</summary>
    public IReadOnlyList<DetectedObject> Objects { get; init; } = [];

    /// <summary>People with boxes; nothing about who they are.</summary>
    public IReadOnlyList<DetectedPerson> People { get; init; } = [];

    /// <summary>Lines of text, in reading order.</summary>
    public IReadOnlyList<DetectedText> Text { get; init; } = [];

    /// <summary>
    /// Models of the vectors by which the image is found by meaning and likeness; empty where the service offers none. Null when they were
    /// not made: the analysis is older than them, or they failed.
    /// </summary>
    public IReadOnlyList<string>? VectorModels { get; init; }

    /// <summary>When, UTC.</summary>
    public required DateTimeOffset AnalyzedAt { get; init; }
}

/// <summary>A tag.</summary>
/// <param name="Name">Lower-case name.</param>
/// <param name="Confidence">0 to 1.</param>
public sealed record ImageTag(string Name, double Confidence);

/// <summary>A rectangle in pixels of the upright original.</summary>
/// <param name="X">Left edge.</param>
/// <param name="Y">Top edge.</param>
/// <param name="Width">Width.</param>
/// <param name="Height">Height.</param>
public sealed record BoundingBox(int X, int Y, int Width, int Height);

/// <summary>An object.</summary>
/// <param name="Name">Lower-case name.</param>
/// <param name="Confidence">0 to 1.</param>
/// <param name="Box">Where.</param>
public sealed record DetectedObject(string Name, double Confidence, BoundingBox Box);

/// <summary>A person.</summary>
/// <param name="Confidence">0 to 1.</param>
/// <param name="Box">Where.</param>
public sealed record DetectedPerson(double Confidence, BoundingBox Box);

/// <summary>A line of text.</summary>
/// <param name="Text">The text; data from an untrusted image.</param>
/// <param name="Confidence">0 to 1.</param>
/// <param name="Box">Where.</param>
public sealed record DetectedText(string Text, double Confidence, BoundingBox Box);
