using System.Text.Json.Serialization;

namespace ImageAspire.Analysis;

// The response bodies of Image Analysis 4.0 (specification/ai/ImageAnalysis/models.tsp of azure-rest-api-specs), as far as they are used.
// Every value may be missing: responses are untrusted.

internal sealed record VisionResult(
    string? ModelVersion, VisionSize? Metadata, VisionCaption? CaptionResult, VisionList<VisionTag>? TagsResult,
    VisionList<VisionObject>? ObjectsResult, VisionList<VisionPerson>? PeopleResult, VisionText? ReadResult);

internal sealed record VisionSize(int Width, int Height);

internal sealed record VisionCaption(string? Text, double Confidence);

internal sealed record VisionList<T>(IReadOnlyList<T>? Values);

internal sealed record VisionTag(string? Name, double Confidence);

internal sealed record VisionObject(VisionBox? BoundingBox, IReadOnlyList<VisionTag>? Tags);

internal sealed record VisionPerson(VisionBox? BoundingBox, double Confidence);

internal sealed record VisionBox(int X, int Y, int W, int H);

internal sealed record VisionText(IReadOnlyList<VisionBlock>? Blocks);

internal sealed record VisionBlock(IReadOnlyList<VisionLine>? Lines);

internal sealed record VisionLine(string? Text, IReadOnlyList<VisionPoint>? BoundingPolygon, IReadOnlyList<VisionWord>? Words);

internal sealed record VisionWord(double Confidence);

internal sealed record VisionPoint(int X, int Y);

internal sealed record VectorRequest(string Text);

internal sealed record VisionVector(string? ModelVersion, float[]? Vector);

internal sealed record VisionError(VisionErrorDetail? Error);

internal sealed record VisionErrorDetail(string? Code, string? Message, VisionErrorDetail? Innererror);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(VisionResult))]
[JsonSerializable(typeof(VisionError))]
[JsonSerializable(typeof(VectorRequest))]
[JsonSerializable(typeof(VisionVector))]
internal sealed partial class VisionJson : JsonSerializerContext;
