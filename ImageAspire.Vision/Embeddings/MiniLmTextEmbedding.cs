using System.Numerics.Tensors;
using ImageAspire.Vision.Models;

namespace ImageAspire.Vision.Embeddings;

/// <summary>The sentence transformer all-MiniLM-L6-v2: word pieces, a small BERT, the mean of its pieces' vectors (model card of sentence-transformers).</summary>
/// <param name="models">Where the model is; it is loaded when the first vector is asked for.</param>
internal sealed class MiniLmTextEmbedding(ModelFolder models) : ITextEmbedding, IDisposable
{
    /// <summary>How many numbers a vector has.</summary>
    public const int Dimensions = 384;

    /// <summary>The model, in the models' folder.</summary>
    public const string File = "text-embedding.onnx";

    private const string VocabularyFile = "text-embedding-vocabulary.txt";
    private const int MostPieces = 256; // the model's length, with its two marks

    private readonly Lazy<WordPieces> _pieces = new(() => new WordPieces(models.Read(VocabularyFile)));
    private readonly Lazy<OnnxModel> _model = new(() => new OnnxModel(models.Verified(File)));

    public string ModelVersion => "minilm-l6-v2/1";

    public float[] Of(string text, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(text);
        var pieces = _pieces.Value.Of(text, MostPieces);
        var ones = new long[pieces.Length];
        Array.Fill(ones, 1);
        var inputs = new Dictionary<string, long[]> { ["input_ids"] = pieces, ["attention_mask"] = ones, ["token_type_ids"] = new long[pieces.Length] };
        return _model.Value.Run(inputs, [1, pieces.Length], outputs => UnitVector.Of(Sum(outputs[0])), cancellationToken);
    }

    public void Dispose()
    {
        if (_model.IsValueCreated)
            _model.Value.Dispose();
    }

    /// <summary>Over all pieces; its direction is that of the mean.</summary>
    private static float[] Sum(ReadOnlySpan<float> vectors)
    {
        var sum = new float[Dimensions];
        for (; !vectors.IsEmpty; vectors = vectors[Dimensions..])
            TensorPrimitives.Add(sum, vectors[..Dimensions], sum);
        return sum;
    }
}
