using System.Numerics;

namespace ImageAspire.Vision.Text;

/// <summary>The smallest rectangle around points. One of its sides lies on a side of their convex hull (Freeman and Shapira, 1975).</summary>
internal static class MinimalRectangle
{
    /// <summary>The rectangle, with its longer side as the text's direction; that points to the right, or upwards where it is upright.</summary>
    /// <param name="points">Centers of pixels, in any order; sorted by the call. The rectangle contains the whole pixels.</param>
    public static TextRegion Around(List<Vector2> points)
    {
        var hull = ConvexHull(points);
        var (best, area) = (Along(hull, Vector2.UnitX), float.MaxValue);
        for (var i = 0; i < hull.Count; i++)
        {
            var side = hull[(i + 1) % hull.Count] - hull[i];
            if (side == Vector2.Zero)
                continue;
            var candidate = Along(hull, Vector2.Normalize(side));
            if (candidate.Width * candidate.Height is var size && size < area)
                (best, area) = (candidate, size);
        }

        return Directed(best);
    }

    /// <summary>Andrew's monotone chain.</summary>
    private static List<Vector2> ConvexHull(List<Vector2> points)
    {
        points.Sort((a, b) => a.X != b.X ? a.X.CompareTo(b.X) : a.Y.CompareTo(b.Y));
        var hull = new List<Vector2>();
        for (var pass = 0; pass < 2; pass++)
        {
            var start = hull.Count;
            foreach (var point in points)
            {
                while (hull.Count >= start + 2 && Cross(hull[^1] - hull[^2], point - hull[^2]) <= 0)
                    hull.RemoveAt(hull.Count - 1);
                hull.Add(point);
            }

            hull.RemoveAt(hull.Count - 1);
            points.Reverse();
        }

        return hull.Count == 0 ? [points[0]] : hull;
    }

    private static TextRegion Along(List<Vector2> hull, Vector2 direction)
    {
        var upright = new Vector2(-direction.Y, direction.X);
        var (least, most) = (new Vector2(float.MaxValue), new Vector2(float.MinValue));
        foreach (var point in hull)
        {
            var turned = new Vector2(Vector2.Dot(point, direction), Vector2.Dot(point, upright));
            (least, most) = (Vector2.Min(least, turned), Vector2.Max(most, turned));
        }

        // Half a pixel on each side: points are centers.
        (least, most) = (least - new Vector2(0.5f), most + new Vector2(0.5f));
        return new TextRegion((least.X * direction) + (least.Y * upright), (most.X - least.X) * direction, (most.Y - least.Y) * upright);
    }

    private static TextRegion Directed(TextRegion region)
    {
        var longer = region.Width >= region.Height ? region : region.QuarterTurned();
        var (x, y) = (longer.Along.X, longer.Along.Y);
        var isForward = MathF.Abs(x) >= MathF.Abs(y) ? x > 0 : y < 0;
        return isForward ? longer : longer.UpsideDown();
    }

    private static float Cross(Vector2 a, Vector2 b) => (a.X * b.Y) - (a.Y * b.X);
}
