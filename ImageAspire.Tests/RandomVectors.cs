using ImageAspire.Core.Vectors;

namespace ImageAspire.Tests;

/// <summary>Random vectors in clusters, as those of images are.</summary>
internal static class RandomVectors
{
    /// <summary>The middle of a cluster.</summary>
    public static float[] Center(Random random, int length) => [.. Enumerable.Range(0, length).Select(_ => (float)Gauss(random))];

    /// <summary>A vector near a middle.</summary>
    public static EmbeddingVector Near(float[] center, Random random, double spread) =>
        EmbeddingVector.TryCreate("random", [.. center.Select(value => value + (float)(spread * Gauss(random)))])!;

    private static double Gauss(Random random) => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
