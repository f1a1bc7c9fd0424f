using System.Globalization;

namespace ImageAspire.Embedded.Backup;

/// <summary>How far a backup, a restore or a verification is.</summary>
/// <param name="What">What is counted: <c>Files</c>, <c>Images</c>, or <c>Restored</c> (files).</param>
/// <param name="Done">How many are done, at least 1.</param>
/// <param name="Total">How many there were at the start; more than that may be done when images arrive meanwhile.</param>
/// <param name="Bytes">Bytes of those that are done.</param>
public readonly record struct StoreCount(string What, long Done, long Total, long Bytes)
{
    /// <summary>For people: <c>Images: 1,200 of 5,000, 840.5 MiB</c>.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{What}: {Done:N0} of {Total:N0}, {StoreProgress.Size(Bytes)}");
}
