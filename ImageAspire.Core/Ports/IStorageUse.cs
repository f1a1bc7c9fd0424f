namespace ImageAspire.Core.Ports;

/// <summary>How much the images of API keys need: the bytes of their originals, archived ones and those in the trash too.</summary>
public interface IStorageUse
{
    /// <summary>The bytes of each key's images, as of the last commit; images from before ids of keys were recorded count for the key that has their uploader's name.</summary>
    /// <param name="keys">The keys.</param>
    /// <param name="cancellationToken">Ends the query.</param>
    /// <returns>One number for each key, in order.</returns>
    Task<IReadOnlyList<long>> ReadAsync(IReadOnlyList<KeyOwner> keys, CancellationToken cancellationToken);
}

/// <summary>A key as records name it.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Name">Its name.</param>
public sealed record KeyOwner(Guid Id, string Name);
