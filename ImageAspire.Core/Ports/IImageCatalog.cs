using ImageAspire.Core.Images;
using ImageAspire.Core.Lifecycle;
using ImageAspire.Core.Paging;

namespace ImageAspire.Core.Ports;

/// <summary>One document per image, and the events that tell of its changes, written together or not at all.</summary>
public interface IImageCatalog
{
    /// <summary>The record, also one in the trash; null when there is none. Who does not look after the trash uses <see cref="ImageTrash.GetAsync"/>.</summary>
    Task<ImageRecord?> GetWithTrashAsync(Guid id, CancellationToken cancellationToken);

    /// <summary>The record with these bytes, also one in the trash; null when there is none. A digest is unique.</summary>
    /// <param name="sha256">64 lower-case hexadecimal digits.</param>
    /// <param name="cancellationToken">Ends the look-up.</param>
    Task<ImageRecord?> FindAsync(string sha256, CancellationToken cancellationToken);

    /// <summary>
    /// Applies transitions in one atomic, durable write: inserts (no <see cref="Transition.Before"/>), replaces or deletes each record whose
    /// stored version is still <c>Before.Version</c>, and publishes the events of every transition that was applied.
    /// Moves are independent: one that is stale or a duplicate does not stop the others.
    /// </summary>
    /// <returns>One result for each transition, in order.</returns>
    /// <exception cref="IOException">The disk is full or the store cannot be reached; nothing was written.</exception>
    Task<IReadOnlyList<CommitResult>> CommitAsync(IReadOnlyList<Transition> transitions, CancellationToken cancellationToken);

    /// <summary>One page of records, without those in the trash.</summary>
    /// <exception cref="InvalidCursorException">The cursor is not one that this query handed out.</exception>
    Task<ImagePage> QueryAsync(ImageQuery query, CancellationToken cancellationToken);

    /// <summary>How many records there are for each value of a facet, most first. Records in the trash are left out, and archived ones of <see cref="Facet.Tag"/>.</summary>
    /// <param name="facet">Which facet.</param>
    /// <param name="limit">At most so many values, 1–1000.</param>
    /// <param name="cancellationToken">Ends the count.</param>
    Task<IReadOnlyList<FacetCount>> CountAsync(Facet facet, int limit, CancellationToken cancellationToken);
}

/// <summary>What became of one transition.</summary>
public enum CommitResult
{
    /// <summary>Durable, and its event is published.</summary>
    Applied,

    /// <summary>The record changed or vanished meanwhile; nothing was written.</summary>
    Stale,

    /// <summary>A new image whose bytes another record has already; nothing was written.</summary>
    Duplicate,
}

/// <summary>One page.</summary>
/// <param name="Items">The records.</param>
/// <param name="Next">Opaque cursor of the next page; null, absent in JSON, at the end.</param>
public sealed record ImagePage(IReadOnlyList<ImageRecord> Items, string? Next);

/// <summary>What records can be counted by.</summary>
public enum Facet
{
    /// <summary>Tags of people and of the analyser.</summary>
    Tag,

    /// <summary>Status.</summary>
    Status,
}

/// <summary>One value of a facet.</summary>
/// <param name="Value">The value.</param>
/// <param name="Count">How many records have it.</param>
public sealed record FacetCount(string Value, long Count);
