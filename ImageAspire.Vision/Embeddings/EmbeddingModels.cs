using ImageAspire.Vision.Models;

namespace ImageAspire.Vision.Embeddings;

/// <summary>Which embeddings this installation offers: their models are optional, and loaded when the first vector is asked for.</summary>
/// <param name="models">Where they are.</param>
internal sealed class EmbeddingModels(ModelFolder models) : IDisposable
{
    private readonly MiniLmTextEmbedding? _text = models.Has(MiniLmTextEmbedding.File) ? new MiniLmTextEmbedding(models) : null;
    private readonly ResNetImageEmbedding? _image = models.Has(ResNetImageEmbedding.File) ? new ResNetImageEmbedding(models) : null;

    /// <summary>Of texts; null when its model is not installed.</summary>
    public ITextEmbedding? Text => _text;

    /// <summary>Of images; null when its model is not installed.</summary>
    public IImageEmbedding? Image => _image;

    public void Dispose()
    {
        _text?.Dispose();
        _image?.Dispose();
    }
}
