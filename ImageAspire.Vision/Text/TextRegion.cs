using System.Numerics;

namespace ImageAspire.Vision.Text;

/// <summary>A rectangle in any direction, in pixels.</summary>
/// <param name="Corner">Where the text begins, above its first letter.</param>
/// <param name="Along">From there to the end of the text: direction and width.</param>
/// <param name="Down">From there to the foot of the letters; upright to <paramref name="Along"/>, clockwise.</param>
internal readonly record struct TextRegion(Vector2 Corner, Vector2 Along, Vector2 Down)
{
    /// <summary>In the reading direction.</summary>
    public float Width => Along.Length();

    /// <summary>Of the letters.</summary>
    public float Height => Down.Length();

    /// <summary>Its middle.</summary>
    public Vector2 Center => Corner + ((Along + Down) / 2);

    /// <summary>Four corners, clockwise from where the text begins.</summary>
    public IReadOnlyList<Vector2> Corners => [Corner, Corner + Along, Corner + Along + Down, Corner + Down];

    /// <summary>A part of the text, as high as all of it.</summary>
    /// <param name="from">In parts of the width.</param>
    /// <param name="to">In parts of the width.</param>
    public TextRegion Part(float from, float to) => new(Corner + (Along * from), Along * (to - from), Down);

    /// <summary>Moved outwards on each side.</summary>
    public TextRegion Grown(float pixels)
    {
        var (right, down) = (Along / Width * pixels, Down / Height * pixels);
        return new TextRegion(Corner - right - down, Along + (2 * right), Down + (2 * down));
    }

    /// <summary>Elsewhere.</summary>
    public TextRegion Moved(Vector2 offset) => this with { Corner = Corner + offset };

    /// <summary>In another image, in which everything is so much larger.</summary>
    public TextRegion Scaled(float factor) => new(Corner * factor, Along * factor, Down * factor);

    /// <summary>The same place, read from the opposite end.</summary>
    public TextRegion UpsideDown() => new(Corner + Along + Down, -Along, -Down);

    /// <summary>The same place, read a quarter turn further clockwise.</summary>
    public TextRegion QuarterTurned() => new(Corner + Along, Down, -Along);
}
