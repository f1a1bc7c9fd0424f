using ImageAspire.Core.Errors;
using ImageAspire.Core.Uploads;

namespace ImageAspire.Core.Ports;

/// <summary>Uploads that come in parts, and their bytes until they are an image. Each belongs to the key that began it and is found only with it.</summary>
public interface IUploadStore
{
    /// <summary>Stores a new upload without bytes, durably.</summary>
    Task CreateAsync(ResumableUpload upload, CancellationToken cancellationToken);

    /// <summary>
    /// An upload and how far it is; null when this key has none with this id. The offset never counts bytes that a crash or a power cut
    /// after this call could take away.
    /// </summary>
    Task<UploadState?> FindAsync(Guid owner, Guid id, CancellationToken cancellationToken);

    /// <summary>
    /// Leases an upload to one caller among all processes; null when another caller has the lease, or when the upload is gone. The lease of a
    /// process that died ends by itself.
    /// </summary>
    Task<IUploadLease?> TryAcquireAsync(Guid owner, Guid id, CancellationToken cancellationToken);

    /// <summary>What unfinished uploads of a key take. Callers at the same moment may not see each other's.</summary>
    Task<UploadUsage> CountAsync(Guid owner, CancellationToken cancellationToken);

    /// <summary>Removes what has <see cref="UploadState.ExpiresAt">expired</see>, and what dead processes left behind. Returns the number of uploads.</summary>
    /// <param name="now">Now, UTC.</param>
    /// <param name="cancellationToken">Ends the sweep.</param>
    Task<int> RemoveExpiredAsync(DateTimeOffset now, CancellationToken cancellationToken);
}

/// <summary>The exclusive right to change an upload, until it is disposed.</summary>
public interface IUploadLease : IAsyncDisposable
{
    /// <summary>The upload as it is now.</summary>
    UploadState State { get; }

    /// <summary>Writes bytes behind those that are there. They survive the death of this process, but a power cut only after <see cref="FlushAsync"/>.</summary>
    /// <exception cref="StoreUnavailableException">The disk is full, or the store cannot be reached, or the lease was lost; some of the bytes may be there.</exception>
    Task AppendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken);

    /// <summary>Makes what was appended durable.</summary>
    Task FlushAsync(CancellationToken cancellationToken);

    /// <summary>Opens the bytes that are there, from the first on.</summary>
    Task<Stream> OpenAsync(CancellationToken cancellationToken);

    /// <summary>Stores a changed upload, durably and in one step. One that <see cref="ResumableUpload.ImageId">has its image</see> loses its bytes here.</summary>
    Task SaveAsync(ResumableUpload upload, CancellationToken cancellationToken);

    /// <summary>Removes the upload and its bytes.</summary>
    Task DeleteAsync(CancellationToken cancellationToken);
}

/// <summary>What unfinished uploads take.</summary>
/// <param name="Count">How many.</param>
/// <param name="Bytes">The bytes of those that have said their length, as announced.</param>
/// <param name="Open">How many of them have not said it yet.</param>
public sealed record UploadUsage(int Count, long Bytes, int Open);
