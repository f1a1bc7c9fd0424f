using ImageAspire.Core.Vectors;

namespace ImageAspire.Core.Ports;

/// <summary>Makes vectors of texts and images, whose directions are close when they mean, or show, something alike.</summary>
public interface IImageVectorizer
{
    /// <summary>Whether texts and images have vectors of one model, so that a text finds images directly.</summary>
    bool HasOneSpace { get; }

    /// <summary>The vector of a text; null when vectors are not offered here, or not of this text.</summary>
    /// <param name="text">A word, a phrase or some lines.</param>
    /// <param name="timeLimit">How long it may take; a failure of a moment ago is waited out where this is long.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="VectorizerUnavailableException">It is down, too slow, or answered something that is no vector.</exception>
    Task<EmbeddingVector?> OfTextAsync(string text, TimeSpan timeLimit, CancellationToken cancellationToken);

    /// <summary>The vector of an image; null when vectors are not offered here, or not of this image.</summary>
    /// <param name="image">The bytes of a small JPEG, PNG or WebP image.</param>
    /// <param name="timeLimit">How long it may take; a failure of a moment ago is waited out where this is long.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="VectorizerUnavailableException">It is down, too slow, or answered something that is no vector.</exception>
    Task<EmbeddingVector?> OfImageAsync(ReadOnlyMemory<byte> image, TimeSpan timeLimit, CancellationToken cancellationToken);
}

/// <summary>There is no vector now; everything else goes on without.</summary>
public sealed class VectorizerUnavailableException(string message, Exception? inner = null) : Exception(message, inner);
