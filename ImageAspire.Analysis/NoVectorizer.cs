using ImageAspire.Core.Ports;
using ImageAspire.Core.Vectors;

namespace ImageAspire.Analysis;

/// <summary>Where there is no vision service: there are no vectors.</summary>
internal sealed class NoVectorizer : IImageVectorizer
{
    public bool HasOneSpace => false;

    public Task<EmbeddingVector?> OfTextAsync(string text, TimeSpan timeLimit, CancellationToken cancellationToken) => Task.FromResult<EmbeddingVector?>(null);

    public Task<EmbeddingVector?> OfImageAsync(ReadOnlyMemory<byte> image, TimeSpan timeLimit, CancellationToken cancellationToken) =>
        Task.FromResult<EmbeddingVector?>(null);
}
