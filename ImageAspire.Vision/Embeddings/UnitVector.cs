using System.Numerics.Tensors;

namespace ImageAspire.Vision.Embeddings;

/// <summary>Vectors of length 1.</summary>
internal static class UnitVector
{
    /// <summary>The vector with its direction; itself when it has none.</summary>
    /// <param name="vector">Changed by the call.</param>
    public static float[] Of(float[] vector)
    {
        if (TensorPrimitives.Norm<float>(vector) is > 0 and var length)
            TensorPrimitives.Divide(vector, length, vector);
        return vector;
    }
}
