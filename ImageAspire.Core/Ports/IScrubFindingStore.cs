using ImageAspire.Core.Images;

namespace ImageAspire.Core.Ports;

/// <summary>Originals that are damaged in the blob store, at most one finding for each image.</summary>
public interface IScrubFindingStore
{
    /// <summary>Stores a finding, durably; false when the image has one already, which stays as it is.</summary>
    Task<bool> AddAsync(ScrubFinding finding, CancellationToken cancellationToken);

    /// <summary>Replaces the finding of an image; false when it has none, and nothing is written.</summary>
    Task<bool> UpdateAsync(ScrubFinding finding, CancellationToken cancellationToken);

    /// <summary>Removes the finding of an image, durably; false when it had none.</summary>
    Task<bool> RemoveAsync(Guid imageId, CancellationToken cancellationToken);

    /// <summary>The finding of an image; null when it has none.</summary>
    Task<ScrubFinding?> FindAsync(Guid imageId, CancellationToken cancellationToken);

    /// <summary>Findings, the one that was looked at longest ago first.</summary>
    /// <param name="limit">At most so many, 1 to <see cref="ScrubFindings.MaxListed"/>.</param>
    /// <param name="cancellationToken">Ends the look-up.</param>
    Task<ScrubFindings> ListAsync(int limit, CancellationToken cancellationToken);
}

/// <summary>A damaged original.</summary>
/// <param name="ImageId">The image.</param>
/// <param name="Name">Its display name when it was last looked at.</param>
/// <param name="Sha256">The digest that its bytes should have.</param>
/// <param name="Damage">One of <see cref="OriginalDamage"/>.</param>
/// <param name="FoundAt">When the damage was found, UTC.</param>
/// <param name="SeenAt">When it was last seen, UTC.</param>
public sealed record ScrubFinding(Guid ImageId, string Name, string Sha256, string Damage, DateTimeOffset FoundAt, DateTimeOffset SeenAt);

/// <summary>A bounded list of findings.</summary>
/// <param name="Total">How many there are.</param>
/// <param name="Items">Some or all of them.</param>
public sealed record ScrubFindings(long Total, IReadOnlyList<ScrubFinding> Items)
{
    /// <summary>Most findings in one list.</summary>
    public const int MaxListed = 1_000;
}
