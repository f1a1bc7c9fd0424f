using ImageAspire.Core.Access;
using ImageAspire.Core.Events;
using ImageAspire.Core.Paging;

namespace ImageAspire.Core.Ports;

/// <summary>The audit service's own store: append-only, who did what to which image or key, and when; and which calls were refused. Its entries are a hash chain.</summary>
public interface IAuditLog
{
    /// <summary>Appends an event; one that is there already (same event id) is ignored, so that a second delivery changes nothing.</summary>
    Task AppendAsync(ImageEvent e, CancellationToken cancellationToken);

    /// <summary>Appends what happened to a key, or which calls were refused; once, like the other.</summary>
    Task AppendAsync(AccessEvent e, CancellationToken cancellationToken);

    /// <summary>One page, newest first.</summary>
    /// <exception cref="InvalidCursorException">The cursor is not one of this log.</exception>
    Task<AuditPage> QueryAsync(AuditQuery query, CancellationToken cancellationToken);

    /// <summary>The end of the chain.</summary>
    Task<AuditHead> GetHeadAsync(CancellationToken cancellationToken);

    /// <summary>Reads every entry and checks the chain. Entries that are appended meanwhile are left out.</summary>
    /// <param name="earlier">A head that was noted before: the log must still contain it. Null to check the chain alone.</param>
    /// <param name="cancellationToken">Cancels the verification.</param>
    Task<AuditVerification> VerifyAsync(AuditHead? earlier, CancellationToken cancellationToken);
}

/// <summary>Which entries.</summary>
public sealed record AuditQuery
{
    /// <summary>How many, 1–200.</summary>
    public int Limit { get; init; } = 50;

    /// <summary><see cref="AuditPage.Next"/> of the page before.</summary>
    public string? Cursor { get; init; }

    /// <summary>Only this image.</summary>
    public Guid? ImageId { get; init; }

    /// <summary>Only this API key: what was done to it, and which of its calls were refused. Not together with an image.</summary>
    public Guid? KeyId { get; init; }

    /// <summary>Only this event type.</summary>
    public string? Type { get; init; }

    /// <summary>Only this actor.</summary>
    public string? Actor { get; init; }

    /// <summary>Only what happened at this time or later, to the millisecond.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>Only what happened before this time, to the millisecond.</summary>
    public DateTimeOffset? To { get; init; }
}

/// <summary>One page.</summary>
/// <param name="Items">Entries.</param>
/// <param name="Next">Opaque cursor; null, absent in JSON, at the end.</param>
public sealed record AuditPage(IReadOnlyList<AuditEntry> Items, string? Next);

/// <summary>One entry.</summary>
/// <param name="EventId">The event.</param>
/// <param name="Type">What happened.</param>
/// <param name="ImageId">To which image; absent of keys and refused calls.</param>
/// <param name="Actor">Who.</param>
/// <param name="At">When, UTC.</param>
/// <param name="TraceParent">In which trace.</param>
/// <param name="Data">The payload of an image's event.</param>
/// <param name="KeyId">To which API key, or whose calls were refused.</param>
/// <param name="Access">Details about a key or refused calls.</param>
public sealed record AuditEntry(
    Guid EventId, string Type, Guid? ImageId, string Actor, DateTimeOffset At, string? TraceParent, ImageEventData? Data,
    Guid? KeyId = null, AccessEventData? Access = null);
