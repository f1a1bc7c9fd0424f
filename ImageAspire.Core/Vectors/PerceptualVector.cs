using System.Globalization;

namespace ImageAspire.Core.Vectors;

/// <summary>
/// A perceptual hash of 64 bits as a vector of 1 and −1: the cosine of two is 1 − distance ÷ 32, so that an index of vectors also finds
/// near-duplicates.
/// </summary>
public static class PerceptualVector
{
    /// <summary>The name in place of a model's.</summary>
    public const string Model = "perceptual-hash-64";

    private const int Bits = 64;

    /// <summary>The vector of a hash; null without one, or when it is not 16 hexadecimal digits.</summary>
    public static EmbeddingVector? Of(string? hash)
    {
        if (hash?.Length != Bits / 4 || !ulong.TryParse(hash, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var bits))
            return null;
        Span<float> values = stackalloc float[Bits];
        for (var i = 0; i < Bits; i++)
            values[i] = (bits >> i & 1) == 1 ? 1 : -1;
        return EmbeddingVector.TryCreate(Model, values);
    }

    /// <summary>The least score of hashes that differ in at most so many bits.</summary>
    public static double ScoreOf(int distance) => 1 - distance / 32.0 - 1e-6;
}
