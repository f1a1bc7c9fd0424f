namespace ImageAspire.Vision.Text;

/// <summary>Turns regions into the directions in which their text is read.</summary>
internal static class LineDirections
{
    private const float Sure = 0.75f; // of the mean of the lines that are asked: the model is wrong about single ones
    private const float Elongated = 1.5f; // width by height; of others one cannot tell which side is along the text
    private const int Votes = 8; // longest lines that are asked, of those that run level and of those that run upwards; the others follow them

    /// <summary>The regions in the same order, in their reading directions.</summary>
    /// <param name="regions">Along their longer sides.</param>
    /// <param name="upsideDown">How probably a region is upside down, 0–1.</param>
    public static IReadOnlyList<TextRegion> Of(IReadOnlyList<TextRegion> regions, Func<TextRegion, float> upsideDown)
    {
        var isTurned = IsPageTurned(regions);
        var along = regions.Select(region => region.Width < Elongated * region.Height && IsUpright(region) != isTurned ? region.QuarterTurned() : region).ToArray();
        foreach (var group in Enumerable.Range(0, along.Length).GroupBy(index => IsUpright(along[index])))
        {
            var asked = group.OrderByDescending(index => along[index].Width).Take(Votes).ToList();
            if (asked.Average(index => upsideDown(along[index])) < Sure)
                continue;
            foreach (var index in group)
                along[index] = along[index].UpsideDown();
        }

        return along;
    }

    /// <summary>Whether most of the text runs upwards or downwards.</summary>
    private static bool IsPageTurned(IReadOnlyList<TextRegion> regions) =>
        regions.Where(region => region.Width >= Elongated * region.Height).Sum(region => IsUpright(region) ? region.Width : -region.Width) > 0;

    private static bool IsUpright(TextRegion region) => MathF.Abs(region.Along.Y) > MathF.Abs(region.Along.X);
}
