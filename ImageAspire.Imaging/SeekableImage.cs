using ImageAspire.Imaging.Isolation;

namespace ImageAspire.Imaging;

/// <summary>A picture that decoders may read from synchronously: a file or memory as it is, everything else copied into memory first.</summary>
internal sealed class SeekableImage : IAsyncDisposable
{
    private readonly Stream? _owned;

    private SeekableImage(Stream stream, Stream? owned) => (Stream, _owned) = (stream, owned);

    /// <summary>At position 0; can seek.</summary>
    public Stream Stream { get; }

    /// <summary>Opens. Memory use is bounded by the limit on uploads, which the caller has enforced.</summary>
    public static async Task<SeekableImage> OpenAsync(Stream picture, CancellationToken cancellationToken)
    {
        if (picture is FileStream or MemoryStream or RemoteImageStream)
        {
            picture.Position = 0;
            return new SeekableImage(picture, null);
        }

        var copy = new MemoryStream();
        await picture.CopyToAsync(copy, cancellationToken);
        copy.Position = 0;
        return new SeekableImage(copy, copy);
    }

    /// <inheritdoc />
    public ValueTask DisposeAsync() => _owned?.DisposeAsync() ?? ValueTask.CompletedTask;
}
