using Microsoft.ML.Tokenizers;

namespace ImageAspire.Vision.Embeddings;

/// <summary>Cuts text into the pieces of BERT's vocabulary, lower case and without accents.</summary>
internal sealed class WordPieces
{
    // More characters cannot fit: a piece has more than one, rarely.
    private const int MostCharacters = 4096;

    private readonly BertTokenizer _tokenizer;

    /// <param name="vocabulary">A piece a line, UTF-8.</param>
    public WordPieces(byte[] vocabulary)
    {
        using var stream = new MemoryStream(vocabulary);
        _tokenizer = BertTokenizer.Create(stream);
    }

    /// <summary>The numbers of the pieces between the marks of start and end.</summary>
    /// <param name="text">Any.</param>
    /// <param name="most">Pieces, with the marks.</param>
    public long[] Of(string text, int most)
    {
        var ids = _tokenizer.EncodeToIds(text.Length <= MostCharacters ? text : text[..MostCharacters], most, out _, out _);
        return [.. ids.Select(id => (long)id)];
    }
}
