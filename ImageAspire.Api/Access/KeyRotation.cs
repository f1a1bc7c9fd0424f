using ImageAspire.Api.Http;

namespace ImageAspire.Api.Access;

/// <summary>How to rotate a secret; the whole body may be left out.</summary>
/// <param name="OverlapSeconds">How long the old secret stays valid, 0 to 604800 (a week); default 0: it ends at once.</param>
public sealed record KeyRotation(int? OverlapSeconds = null)
{
    private const int MaxBody = 1024;
    private const int MaxOverlap = 7 * 24 * 3600;

    /// <summary>The body that it is read from.</summary>
    internal static JsonBody<KeyRotation> Body { get; } = new JsonBody<KeyRotation>(new KeyRotation(), MaxBody).Optional()
        .Member("overlapSeconds", JsonValues.WholeNumber(0, MaxOverlap), (rotation, seconds) => rotation with { OverlapSeconds = seconds });

    internal TimeSpan Overlap => TimeSpan.FromSeconds(OverlapSeconds ?? 0);
}
