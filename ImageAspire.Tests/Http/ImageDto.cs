namespace ImageAspire.Tests.Http;

/// <summary>An image; <c>duplicate</c> is only in the answer to an upload.</summary>
public sealed record ImageDto(
    Guid Id, long Version, string Status, string Name, string ContentType, long Bytes, string Sha256, DateTimeOffset UploadedAt, string UploadedBy,
    DateTimeOffset UpdatedAt, Guid? UploadedByKey = null, int? Width = null, int? Height = null, int? Frames = null, int? Orientation = null, DateTime? TakenAtLocal = null, DateTimeOffset? TakenAt = null,
    CameraDto? Camera = null, LocationDto? Location = null, MetadataDto? Metadata = null, DamageDto? Damaged = null, ColorsDto? Colors = null, string? Placeholder = null, string? PerceptualHash = null, IReadOnlyList<EditDto>? MetadataEdits = null,
    IReadOnlyList<ThumbnailDto>? Thumbnails = null, IReadOnlyList<string>? Tags = null, AnalysisDto? Analysis = null, FailureDto? Failure = null,
    DateTimeOffset? ArchivedAt = null, DateTimeOffset? DeletedAt = null, string? DeletedBy = null, DateTimeOffset? PurgeAt = null, string? TraceId = null, bool? Duplicate = null);

public sealed record MetadataDto(
    string? Title = null, string? Description = null, IReadOnlyList<string>? Keywords = null, int? Rating = null, string? Creator = null, string? Copyright = null);

public sealed record EditDto(long At, long Length, long NewLength, byte[]? With = null);

public sealed record DamageDto(string Reason, double? Missing = null);

public sealed record CameraDto(
    string? Make = null, string? Model = null, string? Lens = null, double? FNumber = null, double? ExposureSeconds = null, int? Iso = null,
    double? FocalLengthMm = null, bool? Flash = null);

public sealed record LocationDto(double Latitude, double Longitude, double? AltitudeMeters = null);

public sealed record ColorsDto(IReadOnlyList<string> Dominant, string Accent, double Brightness, double Contrast, double Sharpness, bool Monochrome);

public sealed record ThumbnailDto(int Size, int Width, int Height, string ContentType, long Bytes);

public sealed record FailureDto(string Stage, string Code, string Message, int Attempts, DateTimeOffset At, string? Cause = null, string? Dependency = null);

public sealed record TagCountDto(string Value, long Count, string Group);
