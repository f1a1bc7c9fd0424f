using ImageAspire.Core.Ports;

namespace ImageAspire.Azure.Blobs;

/// <summary>Room without end: Blob Storage grows, and MongoDB reports by itself that it is full.</summary>
internal sealed class AzureStorageSpace : IStorageSpace
{
    /// <inheritdoc />
    public ValueTask CheckAsync(long bytes, CancellationToken cancellationToken) => ValueTask.CompletedTask;

    /// <inheritdoc />
    public VolumeSpace? Measure() => null;
}
