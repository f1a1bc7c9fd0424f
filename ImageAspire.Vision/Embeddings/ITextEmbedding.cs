namespace ImageAspire.Vision.Embeddings;

/// <summary>Places a text by its meaning: texts that mean alike are near to each other.</summary>
internal interface ITextEmbedding
{
    /// <summary>Which model, and which version of what is done around it: <c>minilm-l6-v2/1</c>. Vectors of different versions cannot be compared.</summary>
    string ModelVersion { get; }

    /// <summary>384 numbers with length 1, so that the scalar product of two is their similarity (−1 to 1).</summary>
    /// <param name="text">Any text; what lies beyond the model's length (about 190 words) does not count.</param>
    /// <param name="cancellationToken">Ends the inference.</param>
    /// <exception cref="Models.ModelException">The model is missing or damaged.</exception>
    float[] Of(string text, CancellationToken cancellationToken);
}
