namespace ImageAspire.Tests.Http;

public sealed record AnalysisDto(
    string Provider, string Model, DateTimeOffset AnalyzedAt, string? Caption = null, IReadOnlyList<TagDto>? Tags = null,
    IReadOnlyList<DetectedObjectDto>? Objects = null, IReadOnlyList<DetectedPersonDto>? People = null, IReadOnlyList<DetectedTextDto>? Text = null,
    IReadOnlyList<string>? VectorModels = null);

public sealed record TagDto(string Name, double Confidence);

public sealed record DetectedObjectDto(string Name, double Confidence, BoxDto Box);

public sealed record DetectedPersonDto(double Confidence, BoxDto Box);

public sealed record DetectedTextDto(string Text, double Confidence, BoxDto Box);

public sealed record BoxDto(int X, int Y, int Width, int Height);
