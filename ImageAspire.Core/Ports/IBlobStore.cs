using ImageAspire.Core.Images;

namespace ImageAspire.Core.Ports;

/// <summary>Bytes under names. Names are made by <see cref="BlobNames"/>: ASCII, with one <c>/</c> between folder and rest.</summary>
public interface IBlobStore
{
    /// <summary>
    /// Opens a place for bytes whose final name is not known yet (it depends on their digest). Nothing is visible under any name
    /// until <see cref="IStagedBlob.CommitAsync"/>; disposing without a commit leaves nothing behind.
    /// </summary>
    Task<IStagedBlob> StageAsync(CancellationToken cancellationToken);

    /// <summary>Opens a blob for reading; null when there is none. The stream can seek, or starts at <paramref name="offset"/>. A whole
    /// blob that is a file of this machine is a <see cref="FileStream"/>, and cheap to read twice.</summary>
    /// <param name="name">Name of the blob.</param>
    /// <param name="offset">First byte wanted.</param>
    /// <param name="length">How many bytes; null for all that follow.</param>
    /// <param name="cancellationToken">Ends the opening, not the reading.</param>
    Task<Stream?> OpenAsync(string name, long offset, long? length, CancellationToken cancellationToken);

    /// <summary>Size and time of a blob; null when there is none.</summary>
    Task<BlobInfo?> StatAsync(string name, CancellationToken cancellationToken);

    /// <summary>Removes a blob; false when it was not removed: there was none, or the store defers deletions for now and the sweeper removes it later.</summary>
    Task<bool> DeleteAsync(string name, CancellationToken cancellationToken);

    /// <summary>Every blob under a folder, in no particular order.</summary>
    /// <param name="folder"><see cref="BlobNames.Originals"/> or <see cref="BlobNames.Thumbnails"/>.</param>
    /// <param name="cancellationToken">Ends the listing.</param>
    IAsyncEnumerable<BlobInfo> ListAsync(string folder, CancellationToken cancellationToken);
}

/// <summary>Bytes on their way to becoming a blob.</summary>
public interface IStagedBlob : IAsyncDisposable
{
    /// <summary>Where the bytes are written; it can seek, so they can be read again.</summary>
    Stream Content { get; }

    /// <summary>
    /// Makes the bytes durable and gives them their name, if no blob has it yet. When this returns they survive a power cut.
    /// </summary>
    /// <returns>False when a blob of that name was there already; it stays as it is and the staged bytes are dropped.</returns>
    /// <exception cref="IOException">The disk is full or the store cannot be reached.</exception>
    Task<bool> CommitAsync(string name, string contentType, CancellationToken cancellationToken);

    /// <summary>
    /// Makes the bytes durable and gives them their name, in the place of the blob that has it, if there is one: a reader gets the old bytes or
    /// the new ones, never none and never a part. Whoever holds the old file in another way (a hard link of a backup) keeps it as it is.
    /// </summary>
    /// <exception cref="IOException">The disk is full or the store cannot be reached.</exception>
    Task ReplaceAsync(string name, string contentType, CancellationToken cancellationToken);
}

/// <summary>A stored blob.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Bytes">Its size in bytes.</param>
/// <param name="ModifiedAt">When it was written, UTC.</param>
public sealed record BlobInfo(string Name, long Bytes, DateTimeOffset ModifiedAt);
