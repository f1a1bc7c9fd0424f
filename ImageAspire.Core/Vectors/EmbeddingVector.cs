namespace ImageAspire.Core.Vectors;

/// <summary>What a model makes of a text or an image: a direction. It names its model; directions of different models cannot be compared.</summary>
public sealed class EmbeddingVector
{
    /// <summary>Fewest and most numbers of a vector.</summary>
    public const int MinLength = 8, MaxLength = 4096;

    /// <summary>Most characters of a model's name.</summary>
    public const int MaxModel = 100;

    private readonly float[] _values;

    private EmbeddingVector(string model, float[] values) => (Model, _values) = (model, values);

    /// <summary>Name and version of the model.</summary>
    public string Model { get; }

    /// <summary>The numbers, of length 1 as a vector.</summary>
    public ReadOnlySpan<float> Values => _values;

    /// <summary>Scales numbers to the length 1. Null when they are no direction: too few, too many, all zero, infinite or not a number; or when the model has no usable name.</summary>
    /// <param name="model">The model's name.</param>
    /// <param name="values">The numbers, of any scale.</param>
    public static EmbeddingVector? TryCreate(string? model, ReadOnlySpan<float> values)
    {
        if (model is not { Length: > 0 and <= MaxModel } || model.Any(char.IsControl) || values.Length is < MinLength or > MaxLength)
            return null;
        var sum = 0.0;
        foreach (var value in values)
            sum += (double)value * value;
        var length = Math.Sqrt(sum);
        if (!double.IsFinite(length) || length < 1e-12)
            return null;
        var scaled = new float[values.Length];
        for (var i = 0; i < scaled.Length; i++)
            scaled[i] = (float)(values[i] / length);
        return new EmbeddingVector(model, scaled);
    }

    /// <summary>Whether two vectors can be compared.</summary>
    public bool IsComparable(EmbeddingVector other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return Model == other.Model && _values.Length == other._values.Length;
    }

    /// <summary>As one signed byte for each number, scaled so that the greatest is 127: a quarter of the space, at a loss below the third digit of a score.</summary>
    public byte[] Pack()
    {
        var greatest = 0f;
        foreach (var value in _values)
            greatest = Math.Max(greatest, Math.Abs(value));
        var packed = new byte[_values.Length];
        for (var i = 0; i < packed.Length; i++)
            packed[i] = (byte)(sbyte)MathF.Round(_values[i] / greatest * 127);
        return packed;
    }

    /// <summary>The vector that <see cref="Pack"/> has packed; null for bytes that are none.</summary>
    public static EmbeddingVector? Unpack(string model, ReadOnlySpan<byte> packed)
    {
        var values = new float[packed.Length];
        for (var i = 0; i < values.Length; i++)
            values[i] = (sbyte)packed[i];
        return TryCreate(model, values);
    }

    /// <summary>Similarity to a packed vector of the same length: the cosine, −1 to 1. The same numbers give the same score, to the last bit.</summary>
    public double Similarity(ReadOnlySpan<byte> packed)
    {
        if (packed.Length != _values.Length)
            throw new ArgumentException($"{packed.Length} numbers cannot be compared with {_values.Length}.", nameof(packed));
        double product = 0;
        long square = 0;
        for (var i = 0; i < packed.Length; i++)
        {
            var value = (sbyte)packed[i];
            product += _values[i] * value;
            square += value * value;
        }

        return square == 0 ? 0 : product / Math.Sqrt(square);
    }
}
