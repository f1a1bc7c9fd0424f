namespace ImageAspire.Tests.Http;

internal sealed record AuditHeadDto(long Number, string Hash);

internal sealed record AuditBreakDto(string Kind, long From, long To);

internal sealed record AuditVerificationDto(AuditHeadDto Head, long BreakCount, IReadOnlyList<AuditBreakDto> Breaks, long Unchained, bool Intact);
