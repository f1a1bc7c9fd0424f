using Microsoft.ML.Tokenizers;

namespace ImageAspire.Vision.Embeddings;

/// <summary>Cuts text into the pieces of BERT's vocabulary, lower case and without accents.</summary>
internal sealed class WordPieces
{
    // More characters cannot fit: a piece has more than one, rarely.
    private const int MostCharacters = 4096;

    // The decomposition of Unicode, which this program does not have (it runs without ICU), for the Latin letters up to U+017F.
    private const string Accented = "ÀÁÂÃÄÅÇÈÉÊËÌÍÎÏÑÒÓÔÕÖÙÚÛÜÝàáâãäåçèéêëìíîïñòóôõöùúûüýÿĀāĂăĄąĆćĈĉĊċČčĎďĒēĔĕĖėĘęĚěĜĝĞğĠġĢģĤĥĨĩĪīĬĭĮįİĴĵĶķĹĺĻļĽľŃńŅņŇňŌōŎŏŐőŔŕŖŗŘřŚśŜŝŞşŠšŢţŤťŨũŪūŬŭŮůŰűŲųŴŵŶŷŸŹźŻżŽž";
    private const string Plain = "AAAAAACEEEEIIIINOOOOOUUUUYaaaaaaceeeeiiiinooooouuuuyyAaAaAaCcCcCcCcDdEeEeEeEeEeGgGgGgGgHhIiIiIiIiIJjKkLlLlLlNnNnNnOoOoOoRrRrRrSsSsSsSsTtTtUuUuUuUuUuUuWwYyYZzZzZz";

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
        var plain = string.Concat(text.Take(MostCharacters).Where(character => !IsMark(character)).Select(WithoutAccent));
        return [.. _tokenizer.EncodeToIds(plain, most, out _, out _).Select(id => (long)id)];
    }

    private static bool IsMark(char character) => character is >= '\u0300' and <= '\u036F';

    private static char WithoutAccent(char character) => Accented.IndexOf(character, StringComparison.Ordinal) is >= 0 and var at ? Plain[at] : character;
}
