namespace ImageAspire.Vision.Objects;

/// <summary>How sure the detector must be; chosen by measuring, docs/vision.md says how.</summary>
/// <param name="Class">Least evidence of a class over all looks, 0–1.</param>
/// <param name="Box">Least confidence of one box, 0–1.</param>
internal sealed record Thresholds(float Class, float Box)
{
    // The model is surer of people than its numbers say: its weaker claims are mostly true, too.
    private const float PersonBox = 0.33f;

    /// <summary>What the service uses.</summary>
    public static Thresholds Chosen { get; } = new(0.28f, 0.36f);

    /// <summary>Of a box of this class.</summary>
    public float OfBox(string name) => name == CocoClasses.Person ? Math.Min(PersonBox, Box) : Box;

    /// <summary>Of the evidence of this class.</summary>
    public float OfClass(string name) => name == CocoClasses.Person ? Math.Min(PersonBox, Class) : Class;
}
