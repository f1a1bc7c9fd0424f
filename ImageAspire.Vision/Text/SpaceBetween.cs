namespace ImageAspire.Vision.Text;

/// <summary>Spaces that the model saw and did not write: it prefers the blank where words are close to each other.</summary>
internal static class SpaceBetween
{
    private const float LeastProbability = 0.1f;

    /// <summary>Whether two words meet here.</summary>
    public static bool Has(ReadCharacter left, ReadCharacter right) => right.SpaceBefore >= LeastProbability && left.Text != " ";
}
