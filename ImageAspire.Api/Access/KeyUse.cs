using ImageAspire.Core.Ports;

namespace ImageAspire.Api.Access;

/// <summary>Adds to the answers about keys how much their images need.</summary>
internal static class KeyUse
{
    public static async Task<IReadOnlyList<KeyAnswer>> AddToAsync(this IStorageUse use, IReadOnlyList<KeyAnswer> keys, CancellationToken cancellationToken)
    {
        var bytes = await use.ReadAsync([.. keys.Select(key => new KeyOwner(key.Id, key.Name))], cancellationToken);
        return [.. keys.Zip(bytes, (key, stored) => key with { StoredBytes = stored })];
    }
}
