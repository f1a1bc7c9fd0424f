using ImageAspire.Imaging;

namespace ImageAspire.Vision.Embeddings;

/// <summary>Places an image by what it looks like: images that look alike are near to each other.</summary>
internal interface IImageEmbedding
{
    /// <summary>Which model, and which version of what is done around it: <c>resnet18/1</c>. Vectors of different versions cannot be compared.</summary>
    string ModelVersion { get; }

    /// <summary>512 numbers with length 1, so that the scalar product of two is their similarity (0 to 1).</summary>
    /// <param name="image">Of any size.</param>
    /// <param name="cancellationToken">Ends the inference.</param>
    /// <exception cref="Models.ModelException">The model is missing or damaged.</exception>
    float[] Of(RgbPixels image, CancellationToken cancellationToken);
}
