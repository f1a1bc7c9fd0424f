using ImageAspire.Core.Access;

namespace ImageAspire.Core.Ports;

/// <summary>
/// The API keys that are managed over HTTP. No request reads it: every Api instance holds a copy of the keys and checks,
/// twice a second, whether the revision is still the same.
/// </summary>
public interface IApiKeyStore
{
    /// <summary>Adds a key; when it returns, it is durable. Callers that add at the same moment may exceed <see cref="ApiKey.Most"/> by their number.</summary>
    /// <returns><see cref="ApiKeyWrite.Done"/>, <see cref="ApiKeyWrite.NameTaken"/> or <see cref="ApiKeyWrite.TooMany"/>.</returns>
    Task<ApiKeyWrite> AddAsync(ApiKey key, CancellationToken cancellationToken);

    /// <summary>Replaces the version before; when it returns, the change is durable and the revision is another.</summary>
    /// <returns><see cref="ApiKeyWrite.Done"/>, <see cref="ApiKeyWrite.NameTaken"/>, or <see cref="ApiKeyWrite.Stale"/> when the version before is not the stored one.</returns>
    Task<ApiKeyWrite> ReplaceAsync(ApiKey after, CancellationToken cancellationToken);

    /// <summary>One key, revoked ones too; null when there is none.</summary>
    Task<ApiKey?> GetAsync(Guid id, CancellationToken cancellationToken);

    /// <summary>All keys, and revoked ones for <see cref="ApiKey.Remembered"/>.</summary>
    /// <param name="unless">The revision that the caller knows: null is returned when it is still that one. Null: read in any case.</param>
    /// <param name="cancellationToken">Ends the query.</param>
    Task<ApiKeySet?> ReadAsync(long? unless, CancellationToken cancellationToken);

    /// <summary>Writes when keys were used last; an earlier time than the stored one changes nothing, and the revision stays.</summary>
    Task TouchAsync(IReadOnlyCollection<ApiKeyUse> uses, CancellationToken cancellationToken);
}

/// <summary>What became of a write.</summary>
public enum ApiKeyWrite
{
    /// <summary>It is done.</summary>
    Done,

    /// <summary>Another key that is not revoked has the name.</summary>
    NameTaken,

    /// <summary>There are <see cref="ApiKey.Most"/> keys.</summary>
    TooMany,

    /// <summary>The key was changed meanwhile, or is gone.</summary>
    Stale,
}

/// <summary>The keys at one moment.</summary>
/// <param name="Revision">Another number after every change of a key. What was changed while this was read may be in it already.</param>
/// <param name="Keys">Oldest first.</param>
/// <param name="Uses">When they were used last; keys of the configuration too.</param>
public sealed record ApiKeySet(long Revision, IReadOnlyList<ApiKey> Keys, IReadOnlyList<ApiKeyUse> Uses);

/// <summary>When a key was used last.</summary>
/// <param name="KeyId">The key.</param>
/// <param name="At">When, UTC, to the minute or so.</param>
public sealed record ApiKeyUse(Guid KeyId, DateTimeOffset At);
