namespace ImageAspire.Core.Vectors;

/// <summary>What a vector of an image was made of.</summary>
public enum VectorKind
{
    /// <summary>What was seen or written: names of things, text in the image, title and description. An image can have several.</summary>
    Text,

    /// <summary>The image itself.</summary>
    Image,

    /// <summary>The perceptual hash (<see cref="PerceptualVector"/>). Stores make it from the record.</summary>
    Hash,
}

/// <summary>One vector of an image.</summary>
/// <param name="Kind">What it was made of.</param>
/// <param name="Vector">The vector.</param>
public sealed record ImageVector(VectorKind Kind, EmbeddingVector Vector)
{
    /// <summary>Most vectors of one kind that an image can have.</summary>
    public const int MaxOfKind = 16;
}
