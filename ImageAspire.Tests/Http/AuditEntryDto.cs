namespace ImageAspire.Tests.Http;

public sealed record AuditEntryDto(
    Guid EventId, string Type, string Actor, DateTimeOffset At, Guid? ImageId = null, string? TraceParent = null, EventDataDto? Data = null,
    Guid? KeyId = null, AccessDto? Access = null);

/// <summary>The data of an event of an image, in the audit log, in dead letters and in webhooks.</summary>
public sealed record EventDataDto(
    long Version, string Actor, string Status, string Name, string ContentType, long Bytes, DateTimeOffset UploadedAt, int? Schema = null,
    IReadOnlyList<string>? Tags = null, FailureDto? Failure = null);

public sealed record AccessDto(
    string? KeyName = null, IReadOnlyList<string>? Scopes = null, IReadOnlyList<string>? Changed = null, DateTimeOffset? Until = null,
    int? Status = null, string? Code = null, string? Address = null, string? Call = null, long? Count = null, DateTimeOffset? LastAt = null,
    string? Target = null, string? Reason = null);
