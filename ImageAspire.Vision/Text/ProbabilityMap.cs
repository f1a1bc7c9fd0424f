using System.Numerics;

namespace ImageAspire.Vision.Text;

/// <summary>How probable text is at each pixel, 0–1.</summary>
/// <param name="values">Row by row.</param>
/// <param name="width">In pixels.</param>
internal sealed class ProbabilityMap(float[] values, int width)
{
    private readonly int _height = values.Length / width;

    /// <summary>Regions of neighbouring pixels above a threshold, diagonals included, in the order of their topmost pixels.</summary>
    public IEnumerable<ConnectedRegion> Regions(float threshold)
    {
        var seen = new bool[values.Length];
        var stack = new Stack<int>();
        for (var start = 0; start < values.Length; start++)
        {
            start = NextAbove(start, threshold);
            if (start < values.Length && !seen[start])
                yield return Fill(start, threshold, seen, stack);
        }
    }

    private int NextAbove(int start, float threshold)
    {
        // Most of the map is empty: whole vectors are skipped.
        var limits = new Vector<float>(threshold);
        while (start + Vector<float>.Count <= values.Length && Vector.LessThanOrEqualAll(new Vector<float>(values, start), limits))
            start += Vector<float>.Count;
        while (start < values.Length && values[start] <= threshold)
            start++;
        return start;
    }

    private ConnectedRegion Fill(int start, float threshold, bool[] seen, Stack<int> stack)
    {
        var region = new ConnectedRegion();
        seen[start] = true;
        stack.Push(start);
        while (stack.TryPop(out var at))
        {
            var (y, x) = Math.DivRem(at, width);
            var isEdge = false;
            for (var beside = 0; beside < 9; beside++)
            {
                var (nextX, nextY) = (x - 1 + (beside % 3), y - 1 + (beside / 3));
                if (nextX < 0 || nextY < 0 || nextX >= width || nextY >= _height || values[(nextY * width) + nextX] <= threshold)
                {
                    isEdge = true;
                }
                else if (!seen[(nextY * width) + nextX])
                {
                    seen[(nextY * width) + nextX] = true;
                    stack.Push((nextY * width) + nextX);
                }
            }

            region.Add(new Vector2(x + 0.5f, y + 0.5f), values[at], isEdge);
        }

        return region;
    }
}

/// <summary>Pixels that touch each other.</summary>
internal sealed class ConnectedRegion
{
    private float _sum;
    private int _count;

    /// <summary>Centers of its outermost pixels.</summary>
    public List<Vector2> Edge { get; } = [];

    /// <summary>The mean of its pixels.</summary>
    public float Probability => _sum / _count;

    public void Add(Vector2 center, float probability, bool isEdge)
    {
        (_sum, _count) = (_sum + probability, _count + 1);
        if (isEdge)
            Edge.Add(center);
    }
}
