namespace ImageAspire.Tests.Http;

public sealed record CostDto(
    bool Estimate, int Images, string Currency, DateOnly From, DateOnly To, long ImagesMeasured, double AverageBytes,
    double AnalysesPerImage, IReadOnlyList<CostLineDto> Lines, string LeftOut, DateOnly? OldestPrice = null, decimal? Total = null);

public sealed record CostLineDto(
    string Name, string Basis, double Quantity, string Unit, double Per, decimal? Price = null, decimal? Amount = null, DateOnly? Date = null,
    string? Source = null);

public sealed record DailyReportDto(
    DateOnly Day, long? Received = null, long? Bytes = null, long? Analyzed = null, long? Rejected = null, long? Failed = null, long? Deleted = null,
    double? TimeToAnalyzedP50 = null, double? TimeToAnalyzedP95 = null, IReadOnlyDictionary<string, long>? Failures = null,
    IReadOnlyDictionary<string, long>? Tags = null);
