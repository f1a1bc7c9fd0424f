using System.Numerics.Tensors;

namespace ImageAspire.Vision.Text;

/// <summary>A character that was read.</summary>
/// <param name="Text">One character.</param>
/// <param name="Confidence">0–1.</param>
/// <param name="Center">Where, in steps from the line's start.</param>
/// <param name="SpaceBefore">How probable a space was between it and the one before, 0–1.</param>
internal readonly record struct ReadCharacter(string Text, float Confidence, float Center, float SpaceBefore);

/// <summary>
/// Reads the output of a recognition model: a class for each step along the line, of which equal ones in succession are one character
/// (best path decoding of "Connectionist Temporal Classification", Graves et al., 2006).
/// </summary>
/// <param name="characters">Of the classes.</param>
internal sealed class CtcDecoder(CharacterTable characters)
{
    /// <summary>The characters of a line.</summary>
    /// <param name="steps">The probability of each class, step by step.</param>
    public IReadOnlyList<ReadCharacter> Decode(ReadOnlySpan<float> steps)
    {
        var line = new List<ReadCharacter>();
        var (last, start, confidence, space, spaceBefore) = (CharacterTable.Blank, 0, 0f, 0f, 0f);
        var count = steps.Length / characters.Count;
        for (var step = 0; step <= count; step++)
        {
            var row = step < count ? steps.Slice(step * characters.Count, characters.Count) : [];
            var best = row.IsEmpty ? CharacterTable.Blank : TensorPrimitives.IndexOfMax(row);
            if (best != last)
            {
                if (last != CharacterTable.Blank)
                {
                    line.Add(new ReadCharacter(characters[last], confidence, (start + step) / 2f, spaceBefore));
                    space = 0;
                }

                (last, start, confidence, spaceBefore) = (best, step, 0, space);
            }

            if (best != CharacterTable.Blank)
                confidence = Math.Max(confidence, row[best]);
            else if (!row.IsEmpty)
                space = Math.Max(space, row[characters.Space]);
        }

        return line;
    }
}
