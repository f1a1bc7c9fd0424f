using ImageAspire.Core.Vectors;

namespace ImageAspire.Benchmarks.Data;

/// <summary>Random vectors in clusters of unequal size, as those of images are: a few subjects are in many images.</summary>
/// <param name="length">Numbers of a vector.</param>
/// <param name="clusters">How many clusters.</param>
internal sealed class ClusteredVectors(int length, int clusters)
{
    private const double Spread = 0.9;
    private readonly Random _random = new(1);
    private readonly float[][] _centers = Centers(length, clusters);

    /// <summary>One more.</summary>
    public EmbeddingVector Next()
    {
        var center = _centers[(int)(clusters * _random.NextDouble() * _random.NextDouble())];
        return EmbeddingVector.TryCreate("benchmark", [.. center.Select(value => value + (float)(Spread * Gauss(_random)))])!;
    }

    private static float[][] Centers(int length, int clusters)
    {
        var random = new Random(2);
        return [.. Enumerable.Range(0, clusters).Select(_ => Enumerable.Range(0, length).Select(_ => (float)Gauss(random)).ToArray())];
    }

    private static double Gauss(Random random) => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
