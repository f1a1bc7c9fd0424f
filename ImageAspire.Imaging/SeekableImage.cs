using ImageAspire.Imaging.Isolation;

namespace ImageAspire.Imaging;

/// <summary>An image that decoders can read and seek synchronously: a file or memory as it is, everything else copied into memory first.</summary>
internal sealed class SeekableImage : IAsyncDisposable
{
    private readonly Stream? _owned;

    private SeekableImage(Stream stream, Stream? owned) => (Stream, _owned) = (stream, owned);

    /// <summary>At position 0; can seek.</summary>
    public Stream Stream { get; }

    /// <summary>Memory use is bounded by the limit on uploads, which the caller has enforced.</summary>
    public static async Task<SeekableImage> OpenAsync(Stream image, CancellationToken cancellationToken)
    {
        if (image is FileStream or MemoryStream or RemoteImageStream)
        {
            image.Position = 0;
            return new SeekableImage(image, null);
        }

        var copy = new MemoryStream();
        await image.CopyToAsync(copy, cancellationToken);
        copy.Position = 0;
        return new SeekableImage(copy, copy);
    }

    /// <inheritdoc />
    public ValueTask DisposeAsync() => _owned?.DisposeAsync() ?? ValueTask.CompletedTask;
}
