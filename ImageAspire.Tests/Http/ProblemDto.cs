namespace ImageAspire.Tests.Http;

public sealed record ProblemDto(string Type, string Title, int Status, string Code, string Detail, string? TraceId = null);
