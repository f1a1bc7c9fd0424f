using System.Text.Json.Serialization;

namespace ImageAspire.Vision.Api;

// The bodies of Image Analysis 4.0 (specification/ai/ImageAnalysis/models.tsp of azure-rest-api-specs). What was not asked for is absent.

internal sealed record AnalysisAnswer(
    string ModelVersion, SizeAnswer Metadata, CaptionAnswer? CaptionResult, ValuesAnswer<TagAnswer>? TagsResult, ValuesAnswer<ObjectAnswer>? ObjectsResult,
    ReadAnswer? ReadResult, ValuesAnswer<CropAnswer>? SmartCropsResult, ValuesAnswer<PersonAnswer>? PeopleResult);

internal sealed record SizeAnswer(int Width, int Height);

internal sealed record ValuesAnswer<T>(IReadOnlyList<T> Values);

internal sealed record CaptionAnswer(string Text, double Confidence);

internal sealed record TagAnswer(string Name, double Confidence);

internal sealed record BoxAnswer(int X, int Y, int W, int H);

internal sealed record ObjectAnswer(BoxAnswer BoundingBox, IReadOnlyList<TagAnswer> Tags);

internal sealed record PersonAnswer(BoxAnswer BoundingBox, double Confidence);

internal sealed record CropAnswer(double AspectRatio, BoxAnswer BoundingBox);

internal sealed record PointAnswer(int X, int Y);

internal sealed record ReadAnswer(IReadOnlyList<BlockAnswer> Blocks);

internal sealed record BlockAnswer(IReadOnlyList<LineAnswer> Lines);

internal sealed record LineAnswer(string Text, IReadOnlyList<PointAnswer> BoundingPolygon, IReadOnlyList<WordAnswer> Words);

internal sealed record WordAnswer(string Text, IReadOnlyList<PointAnswer> BoundingPolygon, double Confidence);

internal sealed record VectorAnswer(string ModelVersion, float[] Vector);

internal sealed record ErrorAnswer(ErrorDetail Error);

internal sealed record ErrorDetail(string Code, string Message, ErrorDetail? Innererror = null);

internal sealed record UrlRequest(string? Url);

internal sealed record TextRequest(string? Text);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(AnalysisAnswer))]
[JsonSerializable(typeof(VectorAnswer))]
[JsonSerializable(typeof(ErrorAnswer))]
[JsonSerializable(typeof(UrlRequest))]
[JsonSerializable(typeof(TextRequest))]
internal sealed partial class ApiJson : JsonSerializerContext;
