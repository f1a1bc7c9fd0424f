using System.Numerics;

namespace ImageAspire.Vision.Text;

/// <summary>
/// The order in which a person reads regions: columns one after the other, lines from top to bottom, pieces of a line from left to right
/// (recursive X-Y cut: Nagy, Seth, "Hierarchical representation of optically scanned documents", 1984).
/// </summary>
internal static class ReadingOrder
{
    private const float ColumnGap = 1.0f; // in heights of a line
    private const int LeastLinesOfColumn = 3; // fewer side by side are pieces of lines
    private const float SameLine = 0.5f; // of the lower one's height

    /// <summary>The indexes of the regions in reading order.</summary>
    /// <param name="regions">In any order; most of them in one reading direction.</param>
    public static IReadOnlyList<int> Of(IReadOnlyList<TextRegion> regions)
    {
        var right = DirectionOf(regions);
        var down = new Vector2(-right.Y, right.X);
        var places = regions.Select((region, index) => Place.Of(index, region, right, down)).ToList();
        return [.. Ordered(places).Select(place => place.Index)];
    }

    /// <summary>Right, down, left or up: whichever most of the text goes along.</summary>
    private static Vector2 DirectionOf(IReadOnlyList<TextRegion> regions)
    {
        var sum = regions.Aggregate(Vector2.Zero, (sum, region) => sum + region.Along);
        return MathF.Abs(sum.X) >= MathF.Abs(sum.Y) ? new Vector2(sum.X < 0 ? -1 : 1, 0) : new Vector2(0, MathF.Sign(sum.Y));
    }

    private static IEnumerable<Place> Ordered(IReadOnlyList<Place> places)
    {
        if (places.Count < 2 * LeastLinesOfColumn)
            return InLines(places);
        var height = places.Select(place => place.Bottom - place.Top).Order().ElementAt(places.Count / 2);
        if (Cut(places, place => (place.Left, place.Right), ColumnGap * height, LeastLinesOfColumn) is var (left, right))
            return Ordered(left).Concat(Ordered(right));
        return Cut(places, place => (place.Top, place.Bottom), 0, 1) is var (above, below) ? Ordered(above).Concat(Ordered(below)) : InLines(places);
    }

    /// <summary>Two parts with the widest empty gap between them; null when no gap is wide enough.</summary>
    private static (List<Place> Before, List<Place> After)? Cut(IReadOnlyList<Place> places, Func<Place, (float From, float To)> span, float leastGap, int leastCount)
    {
        var sorted = places.OrderBy(place => span(place).From).ToList();
        var (best, at, end) = (leastGap, 0, float.MinValue);
        for (var index = 0; index < sorted.Count; index++)
        {
            var gap = span(sorted[index]).From - end;
            if (index >= leastCount && sorted.Count - index >= leastCount && gap > best)
                (best, at) = (gap, index);
            end = Math.Max(end, span(sorted[index]).To);
        }

        return at == 0 ? null : (sorted[..at], sorted[at..]);
    }

    /// <summary>Each line from left to right. What shares half of its height with the first of a line is on that line.</summary>
    private static IEnumerable<Place> InLines(IReadOnlyList<Place> places)
    {
        var rest = places.OrderBy(place => place.Top + place.Bottom).ToList();
        while (rest.Count > 0)
        {
            var first = rest[0];
            var line = rest.Where(place => Shared(first, place) >= SameLine * Math.Min(first.Bottom - first.Top, place.Bottom - place.Top)).ToHashSet();
            foreach (var place in line.OrderBy(place => place.Left))
                yield return place;
            rest.RemoveAll(line.Contains);
        }
    }

    private static float Shared(Place a, Place b) => Math.Min(a.Bottom, b.Bottom) - Math.Max(a.Top, b.Top);

    /// <summary>A region's bounds in the reader's directions. Top and bottom are those of its middle, so that slanted lines do not overlap.</summary>
    private sealed record Place(int Index, float Left, float Right, float Top, float Bottom)
    {
        public static Place Of(int index, TextRegion region, Vector2 right, Vector2 down)
        {
            var along = region.Corners.Select(corner => Vector2.Dot(corner, right)).ToList();
            var (middle, half) = (Vector2.Dot(region.Center, down), region.Height / 2);
            return new Place(index, along.Min(), along.Max(), middle - half, middle + half);
        }
    }
}
