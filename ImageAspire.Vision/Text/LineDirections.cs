namespace ImageAspire.Vision.Text;

/// <summary>Turns regions into the directions in which their text is read.</summary>
internal static class LineDirections
{
    private const float Sure = 0.9f;
    private const float Elongated = 1.5f; // width by height; of others one cannot tell which side is along the text
    private const int Votes = 8; // lines that are asked; when all of them stand on their feet or all on their heads, the others do too

    /// <summary>The regions in the same order, in their reading directions.</summary>
    /// <param name="regions">Along their longer sides.</param>
    /// <param name="upsideDown">How probably a region is upside down, 0–1.</param>
    public static IReadOnlyList<TextRegion> Of(IReadOnlyList<TextRegion> regions, Func<TextRegion, float> upsideDown)
    {
        var isTurned = IsPageTurned(regions);
        var along = regions.Select(region => region.Width < Elongated * region.Height && IsUpright(region) != isTurned ? region.QuarterTurned() : region).ToArray();
        var longest = Enumerable.Range(0, along.Length).OrderByDescending(index => along[index].Width).ToList();
        var flipped = 0;
        foreach (var (rank, index) in longest.Index())
        {
            var isFlipped = rank < Votes || flipped is not 0 and not Votes ? upsideDown(along[index]) >= Sure : flipped == Votes;
            if (!isFlipped)
                continue;
            along[index] = along[index].UpsideDown();
            flipped += rank < Votes ? 1 : 0;
        }

        return along;
    }

    /// <summary>Whether most of the text runs upwards or downwards.</summary>
    private static bool IsPageTurned(IReadOnlyList<TextRegion> regions) =>
        regions.Where(region => region.Width >= Elongated * region.Height).Sum(region => IsUpright(region) ? region.Width : -region.Width) > 0;

    private static bool IsUpright(TextRegion region) => MathF.Abs(region.Along.Y) > MathF.Abs(region.Along.X);
}
