using ImageAspire.Core.Images;
using ImageAspire.Core.Ports;

namespace ImageAspire.Core.Pipeline;

/// <summary>A file that was read to its end, before its commit.</summary>
/// <param name="Blob">Its bytes.</param>
/// <param name="Name">Its clean display name.</param>
/// <param name="Format">What its bytes are.</param>
/// <param name="Bytes">Its size.</param>
/// <param name="Sha256">Its digest, lower-case hexadecimal.</param>
public sealed record StagedImage(IStagedBlob Blob, string Name, ImageFormat Format, long Bytes, string Sha256) : IAsyncDisposable
{
    /// <summary>The id that a new image gets, never used before; null for any.</summary>
    public Guid? Id { get; init; }

    /// <summary>How long its bytes took to come; null when no trace is recorded.</summary>
    internal UploadReadSpan? Read { get; init; }

    /// <inheritdoc />
    public ValueTask DisposeAsync() => Blob.DisposeAsync();
}

/// <summary>Who uploads.</summary>
/// <param name="Name">Name of the API key.</param>
/// <param name="KeyId">Its id; null outside of the Api.</param>
public sealed record Uploader(string Name, Guid? KeyId = null);

/// <summary>The answer for one file.</summary>
/// <param name="Record">The record.</param>
/// <param name="Duplicate">True when it was there before.</param>
public sealed record ReceivedImage(ImageRecord Record, bool Duplicate);
