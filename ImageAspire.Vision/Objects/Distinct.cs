using ImageAspire.Vision.Analysis;

namespace ImageAspire.Vision.Objects;

/// <summary>Keeps each thing once.</summary>
internal static class Distinct
{
    // The model knows no classes that exclude each other: one ball comes as frisbee and as ball. What fills the same place is one thing.
    private const double SamePlace = 0.6, SamePlaceAndClass = 0.45;

    // One large car comes as a car, and once more as a part of it. People far behind are much smaller than the one in front, and stay.
    private const double Inside = 0.85, LargePart = 0.25;

    /// <summary>What remains, most confident first.</summary>
    /// <param name="found">In the order in which they are preferred.</param>
    public static IReadOnlyList<SeenObject> Of(IEnumerable<SeenObject> found)
    {
        var kept = new List<SeenObject>();
        foreach (var one in found)
        {
            if (kept.TrueForAll(other => !IsSame(one, other)))
                kept.Add(one);
        }

        return [.. kept.OrderByDescending(one => one.Confidence)];
    }

    private static bool IsSame(SeenObject one, SeenObject other)
    {
        var overlap = one.Box.Overlap(other.Box);
        return overlap >= SamePlace || one.Name == other.Name && (overlap > SamePlaceAndClass || IsPart(one.Box, other.Box));
    }

    private static bool IsPart(Box one, Box other)
    {
        var (smaller, larger) = (Math.Min(one.Area, other.Area), Math.Max(one.Area, other.Area));
        return one.Shared(other) >= Inside * smaller && smaller >= LargePart * larger;
    }
}
