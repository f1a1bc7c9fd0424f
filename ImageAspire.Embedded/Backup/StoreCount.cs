using System.Globalization;

namespace ImageAspire.Embedded.Backup;

/// <summary>Progress of a backup, a restore or a verification.</summary>
/// <param name="What">What is counted: <c>Files</c>, <c>Audit entries</c> (without bytes), <c>Images</c>, or <c>Restored</c> (files).</param>
/// <param name="Done">Number done, at least 1.</param>
/// <param name="Total">Number at the start; <paramref name="Done"/> may exceed it when images arrive meanwhile.</param>
/// <param name="Bytes">Bytes of those done.</param>
public readonly record struct StoreCount(string What, long Done, long Total, long Bytes)
{
    /// <summary>For people: <c>Images: 1,200 of 5,000, 840.5 MiB</c>.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{What}: {Done:N0} of {Total:N0}, {StoreProgress.Size(Bytes)}");
}
