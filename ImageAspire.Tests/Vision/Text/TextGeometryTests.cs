using System.Numerics;
using ImageAspire.Vision.Text;

namespace ImageAspire.Tests.Vision.Text;

public sealed class TextGeometryTests
{
    [Fact]
    public void Around_LevelLine_IsItsPixels()
    {
        var region = MinimalRectangle.Around(Pixels(40, 10, 0));

        region.Corner.ShouldBeNear(0, 0);
        region.Along.ShouldBeNear(40, 0);
        region.Down.ShouldBeNear(0, 10);
    }

    [Theory]
    [InlineData(20)]
    [InlineData(-35)]
    [InlineData(80)]
    public void Around_SlantedLine_FollowsItToTheRightOrUpwards(int degrees)
    {
        var region = MinimalRectangle.Around(Pixels(60, 12, degrees));

        region.Width.ShouldBe(60, 2.5);
        region.Height.ShouldBe(12, 2.5);
        Vector2.Dot(region.Along, region.Down).ShouldBe(0, 0.1);
        var angle = MathF.Atan2(region.Along.Y, region.Along.X) * 180 / MathF.PI;
        angle.ShouldBe(degrees == 80 ? -100 : degrees, 3);
    }

    [Fact]
    public void Around_OnePixel_IsIt() => MinimalRectangle.Around([new Vector2(3.5f, 4.5f)]).Corners.ShouldBe([new(3, 4), new(4, 4), new(4, 5), new(3, 5)]);

    [Fact]
    public void Region_TurnedAndTurnedBack_IsTheSamePlace()
    {
        var region = new TextRegion(new(10, 20), new(40, 0), new(0, 8));

        region.UpsideDown().UpsideDown().ShouldBe(region);
        region.QuarterTurned().QuarterTurned().ShouldBe(region.UpsideDown());
        region.QuarterTurned().Corner.ShouldBe(new Vector2(50, 20));
        region.QuarterTurned().Width.ShouldBe(8);
        region.Grown(2).Corners.ShouldBe([new(8, 18), new(52, 18), new(52, 30), new(8, 30)]);
        region.Part(0.25f, 0.5f).Corners.ShouldBe([new(20, 20), new(30, 20), new(30, 28), new(20, 28)]);
        region.Scaled(2).Moved(new(1, 1)).Center.ShouldBe(new Vector2(61, 49));
    }

    [Fact]
    public void Regions_OfAMap_AreWhatTouches()
    {
        // Two that touch at a corner are one; the row below is another; a faint pixel is none.
        float[] map =
        [
            0.9f, 0, 0, 0, 0.2f,
            0, 0.5f, 0, 0, 0,
            0, 0, 0, 0, 0,
            0, 0, 0.8f, 0.8f, 0.8f,
        ];

        var regions = new ProbabilityMap(map, 5).Regions(0.3f).ToList();

        regions.Select(region => region.Edge.Count).ShouldBe([2, 3]);
        regions.Select(region => region.Probability).ShouldBe([0.7f, 0.8f], 0.001);
    }

    [Fact]
    public void Regions_OfALargeArea_HaveItsEdgeOnly()
    {
        var map = new float[100 * 80];
        Array.Fill(map, 1);

        new ProbabilityMap(map, 100).Regions(0.3f).ShouldHaveSingleItem().Edge.Count.ShouldBe((2 * 100) + (2 * 78));
    }

    private static List<Vector2> Pixels(int width, int height, float degrees)
    {
        var turn = Matrix3x2.CreateRotation(degrees * MathF.PI / 180);
        return
        [
            .. from x in Enumerable.Range(0, width)
            from y in Enumerable.Range(0, height)
            let place = Vector2.Transform(new Vector2(x + 0.5f, y + 0.5f), turn)
            select new Vector2(MathF.Floor(place.X) + 0.5f, MathF.Floor(place.Y) + 0.5f),
        ];
    }
}

internal static class VectorAssertions
{
    public static void ShouldBeNear(this Vector2 vector, float x, float y)
    {
        vector.X.ShouldBe(x, 0.001);
        vector.Y.ShouldBe(y, 0.001);
    }
}
