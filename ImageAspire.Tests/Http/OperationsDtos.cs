namespace ImageAspire.Tests.Http;

public sealed record SubscriptionDto(
    string Name, long Active, long InFlight, long Scheduled, long DeadLettered, bool Paused, string State, long Waiting, HoldUpDto? HeldUpBy = null, DateTimeOffset? OldestActiveAt = null,
    double? OldestAgeSeconds = null, double? ArrivedPerMinute = null, double? CompletedPerMinute = null, double? WaitingDoneInSeconds = null);

public sealed record StorageDto(long? RoomBytes = null, long? TotalBytes = null, double? BytesPerHour = null, double? OverSeconds = null, double? FullInSeconds = null);

public sealed record HoldUpDto(string Code, string? Name = null, DateTimeOffset? Since = null, DateTimeOffset? Until = null, string? By = null, string? Reason = null);

public sealed record DeadLetterDto(
    string Id, string Subscription, string Reason, string Description, string Cause, int DeliveryCount, DateTimeOffset DeadLetteredAt, Guid? ImageId = null,
    string? TraceId = null, DeadLetterEventDto? Event = null, string? Dependency = null);

public sealed record DeadLetterEventDto(Guid Id, string Type, DateTimeOffset Time, EventDataDto Data);

public sealed record RetriedDto(int Retried, bool More, string? Next = null);

public sealed record StageListDto(IReadOnlyList<StageDto> Items, IReadOnlyList<string> EventTypes);

public sealed record StageDto(
    string Name, string Stage, string Summary, bool Reprocessable, IReadOnlyList<string>? EventTypes = null, StageRunDto? Run = null);

public sealed record StageRunDto(
    string Kind, string State, string StartedBy, DateTimeOffset StartedAt, DateTimeOffset UpdatedAt, long Total, long Examined, long Sent, bool Waiting);

public sealed record ScrubDto(
    bool Running, long Pass, bool Complete, long Images, long Bytes, long TotalImages, long Damaged, IReadOnlyList<ScrubFindingDto> Findings,
    DateTimeOffset? StartedAt = null, DateTimeOffset? CompletedAt = null);

public sealed record ScrubFindingDto(Guid ImageId, string Name, string Sha256, string Damage, DateTimeOffset FoundAt, DateTimeOffset SeenAt);

public sealed record ServiceListDto(IReadOnlyList<ServiceDto> Items, IReadOnlyList<DependencyDto> Dependencies, IReadOnlyList<CallDto> Calls, bool Complete);

public sealed record CallDto(string Caller, string Called, long Calls, long Failed, double PerMinute, double? P50Seconds = null, double? P95Seconds = null);

public sealed record ServiceDto(
    Guid Id, string Service, string Name, string Host, int ProcessId, string Version, string State, DateTimeOffset Since, DateTimeOffset StartedAt,
    DateTimeOffset LastHeartbeatAt, IReadOnlyList<DependencyDto> Dependencies);

public sealed record DependencyDto(string Name, string State, DateTimeOffset Since, string? Reason = null, IReadOnlyList<string>? LostBy = null);

public sealed record AlarmListDto(IReadOnlyList<AlarmDto> Items, bool Complete);

public sealed record AlarmDto(
    Guid Id, string Code, string State, string Description, DateTimeOffset Since, DateTimeOffset RaisedAt, string? Name = null, DateTimeOffset? EndedAt = null);

public sealed record DelaysDto(IReadOnlyList<AlarmDto> Alarms, long? Waiting = null);
