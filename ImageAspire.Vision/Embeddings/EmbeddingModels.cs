using ImageAspire.Vision.Models;

namespace ImageAspire.Vision.Embeddings;

/// <summary>Which embeddings this installation offers: their models are optional.</summary>
/// <param name="models">Where they are.</param>
internal sealed class EmbeddingModels(ModelFolder models) : IDisposable
{
    /// <summary>Of texts; null when its model is not installed.</summary>
    public ITextEmbedding? Text => null;

    /// <summary>Of images; null when its model is not installed.</summary>
    public IImageEmbedding? Image => null;

    /// <summary>Where they are.</summary>
    public string Folder => models.Path;

    public void Dispose()
    {
    }
}
