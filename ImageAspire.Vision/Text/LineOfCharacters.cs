namespace ImageAspire.Vision.Text;

/// <summary>A line as the recognition model read it.</summary>
/// <param name="characters">With the model's spaces.</param>
/// <param name="steps">The whole line's.</param>
internal sealed class LineOfCharacters(IReadOnlyList<ReadCharacter> characters, float steps)
{
    private readonly List<ReadCharacter> _letters = [.. characters.Where(character => !IsSpace(character))];

    /// <summary>How many there are without spaces.</summary>
    public int Count => _letters.Count;

    /// <summary>The mean of the characters', 0–1.</summary>
    public float Confidence => _letters.Count == 0 ? 0 : _letters.Average(letter => letter.Confidence);

    /// <summary>Its words, with where they are in parts of the line's width.</summary>
    public IReadOnlyList<ReadWord> Words()
    {
        var words = new List<ReadWord>();
        var half = LetterWidth() / 2;
        var word = new List<ReadCharacter>();
        foreach (var (index, character) in characters.Index())
        {
            if (!IsSpace(character))
                word.Add(character);
            var isEnd = index == characters.Count - 1 || IsSpace(characters[index + 1]) || SpaceBetween.Has(character, characters[index + 1]);
            if (!isEnd || word.Count == 0)
                continue;
            words.Add(new ReadWord(string.Concat(word.Select(letter => letter.Text)), word.Average(letter => letter.Confidence),
                Math.Clamp((word[0].Center - half) / steps, 0, 1), Math.Clamp((word[^1].Center + half) / steps, 0, 1)));
            word.Clear();
        }

        return words;
    }

    private static bool IsSpace(ReadCharacter character) => string.IsNullOrWhiteSpace(character.Text);

    private float LetterWidth()
    {
        var distances = _letters.Zip(_letters.Skip(1), (left, right) => right.Center - left.Center).Order().ToList();
        return distances.Count == 0 ? steps : distances[distances.Count / 2];
    }
}

/// <summary>A word of a line.</summary>
/// <param name="Text">Without spaces.</param>
/// <param name="Confidence">The mean of its characters', 0–1.</param>
/// <param name="From">In parts of the line's width.</param>
/// <param name="To">In parts of the line's width.</param>
internal sealed record ReadWord(string Text, float Confidence, float From, float To);
