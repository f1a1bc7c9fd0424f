using ImageAspire.Imaging;
using ImageAspire.Vision.Models;

namespace ImageAspire.Vision.Embeddings;

/// <summary>ResNet-18, trained on ImageNet, without its last layer: what the image looks like (He et al., "Deep Residual Learning for Image Recognition", 2015).</summary>
/// <param name="models">Where the model is; it is loaded when the first vector is asked for.</param>
internal sealed class ResNetImageEmbedding(ModelFolder models) : IImageEmbedding, IDisposable
{
    /// <summary>How many numbers a vector has.</summary>
    public const int Dimensions = 512;

    /// <summary>The model, in the models' folder.</summary>
    public const string File = "image-embedding.onnx";

    private const int Side = 224;

    // The mean of the package's own ResNetPreprocess.onnx, blue first.
    private static readonly Tensor Input = new([103.06f, 115.90f, 123.15f], [1, 1, 1], IsBgr: true);

    private readonly Lazy<OnnxModel> _model = new(() => new OnnxModel(models.Verified(File)));

    public string ModelVersion => "resnet18/1";

    /// <summary>The middle square counts, as the model was trained.</summary>
    public float[] Of(RgbPixels image, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(image);
        var side = Math.Min(image.Width, image.Height);
        var middle = image.Crop((image.Width - side) / 2, (image.Height - side) / 2, side, side).Resize(Side, Side);
        return _model.Value.Run(Input.Of(middle), [1, 3, Side, Side], outputs => UnitVector.Of(outputs[0].ToArray()), cancellationToken);
    }

    public void Dispose()
    {
        if (_model.IsValueCreated)
            _model.Value.Dispose();
    }
}
