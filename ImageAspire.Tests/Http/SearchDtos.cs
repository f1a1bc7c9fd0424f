namespace ImageAspire.Tests.Http;

/// <summary>A page of the image list.</summary>
public sealed record ListPageDto(IReadOnlyList<ImageDto> Items, string? Next = null, string? Meaning = null, int? ByMeaning = null);

/// <summary>A page of similar images.</summary>
public sealed record SimilarPageDto(IReadOnlyList<SimilarDto> Items, IReadOnlyList<string> ComparedBy, string? Next = null);

public sealed record SimilarDto(ImageDto Image, double Score, string Why);
