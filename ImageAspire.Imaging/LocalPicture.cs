using ImageAspire.Imaging.Isolation;

namespace ImageAspire.Imaging;

/// <summary>A picture that decoders may read from synchronously: a file or memory as it is, everything else copied into memory first.</summary>
internal sealed class LocalPicture : IAsyncDisposable
{
    private readonly Stream? _owned;

    private LocalPicture(Stream stream, Stream? owned) => (Stream, _owned) = (stream, owned);

    /// <summary>At position 0; can seek.</summary>
    public Stream Stream { get; }

    /// <summary>Opens. Memory use is bounded by the limit on uploads, which the caller has enforced.</summary>
    public static async Task<LocalPicture> OpenAsync(Stream picture, CancellationToken cancellationToken)
    {
        if (picture is FileStream or MemoryStream or RemotePicture)
        {
            picture.Position = 0;
            return new LocalPicture(picture, null);
        }

        var copy = new MemoryStream();
        await picture.CopyToAsync(copy, cancellationToken);
        copy.Position = 0;
        return new LocalPicture(copy, copy);
    }

    /// <inheritdoc />
    public ValueTask DisposeAsync() => _owned?.DisposeAsync() ?? ValueTask.CompletedTask;
}
