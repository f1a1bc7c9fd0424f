using ImageAspire.Vision.Text;

namespace ImageAspire.Tests.Vision.Text;

public sealed class ReadingOrderTests
{
    [Fact]
    public void Of_PiecesOfLines_GoesLineByLine() => Order(Piece(200, 12), Piece(0, 10), Piece(0, 50), Piece(200, 48)).ShouldBe([1, 0, 2, 3]);

    [Fact]
    public void Of_Columns_GoesDownTheFirstOneFirst()
    {
        var columns = Enumerable.Range(0, 4).SelectMany(row => new[] { Piece(0, 30 * row), Piece(200, 30 * row) }).ToArray();

        Order(columns).ShouldBe([0, 2, 4, 6, 1, 3, 5, 7]);
    }

    [Fact]
    public void Of_TurnedPage_FollowsItsLines()
    {
        var page = Enumerable.Range(0, 3).Select(row => Piece(0, 30 * row)).ToArray();

        Order([.. page.Reverse().Select(piece => Turned(piece, 1))]).ShouldBe([2, 1, 0]);
        Order([.. page.Reverse().Select(piece => Turned(piece, 2))]).ShouldBe([2, 1, 0]);
        Order([.. page.Reverse().Select(piece => Turned(piece, 3))]).ShouldBe([2, 1, 0]);
    }

    [Fact]
    public void Of_SlantedLines_GoesFromTopToBottom()
    {
        // Each falls by more than the distance of lines.
        var lines = Enumerable.Range(0, 5).Select(row => new TextRegion(new(0, 30 * row), new(300, 60), new(-4, 20))).Reverse().ToArray();

        Order(lines).ShouldBe([4, 3, 2, 1, 0]);
    }

    [Fact]
    public void Of_Nothing_IsEmpty() => Order().ShouldBeEmpty();

    [Fact]
    public void Directions_WhenTheLongestAreUpsideDown_TurnTheOthersToo()
    {
        var asked = 0;
        var lines = Enumerable.Range(0, 20).Select(row => Piece(0, 30 * row)).ToArray();

        var turned = LineDirections.Of(lines, _ => Asked(0.95f));

        turned.ShouldBe(lines.Select(line => line.UpsideDown()));
        asked.ShouldBe(8);

        float Asked(float answer)
        {
            asked++;
            return answer;
        }
    }

    [Fact]
    public void Directions_WhenTheModelIsWrongAboutOneLine_FollowTheOthers()
    {
        var lines = Enumerable.Range(0, 20).Select(row => Piece(0, 30 * row)).ToArray();

        LineDirections.Of(lines, line => line.Corner.Y == 30 ? 0.95f : 0.1f).ShouldBe(lines);
        LineDirections.Of(lines, line => line.Corner.Y == 30 ? 0.1f : 0.95f).ShouldBe(lines.Select(line => line.UpsideDown()));
    }

    [Fact]
    public void Directions_OfLevelAndUprightLines_AreDecidedApart()
    {
        TextRegion level = Piece(0, 0), upright = new(new(300, 300), new(0, -200), new(20, 0));

        LineDirections.Of([level, upright], line => line.Along.X == 0 ? 0.95f : 0.1f).ShouldBe([level, upright.UpsideDown()]);
    }

    [Fact]
    public void Directions_OfShortWordsOnATurnedPage_AreThoseOfItsLines()
    {
        TextRegion shortWord = new(new(0, 0), new(24, 0), new(0, 20)), line = new(new(100, 300), new(0, -200), new(20, 0));

        LineDirections.Of([shortWord, line], _ => 0)[0].Along.X.ShouldBe(0);
    }

    private static IReadOnlyList<int> Order(params TextRegion[] regions) => ReadingOrder.Of(regions);

    private static TextRegion Piece(float left, float top) => new(new(left, top), new(150, 0), new(0, 20));

    /// <summary>By quarters, clockwise, as when the page is turned.</summary>
    private static TextRegion Turned(TextRegion region, int quarters)
    {
        for (; quarters > 0; quarters--)
        {
            region = new TextRegion(new(-region.Corner.Y, region.Corner.X), new(-region.Along.Y, region.Along.X), new(-region.Down.Y, region.Down.X));
        }

        return region;
    }
}
