namespace ImageAspire.Tests.Http;

public sealed record UploadItemDto(string Name, int Status, ImageDto? Image = null, bool? Duplicate = null, ProblemDto? Problem = null);
