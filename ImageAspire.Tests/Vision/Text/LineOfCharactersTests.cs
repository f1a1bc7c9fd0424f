using ImageAspire.Vision.Text;

namespace ImageAspire.Tests.Vision.Text;

public sealed class LineOfCharactersTests
{
    [Theory]
    [InlineData("no parking", "no|parking")]
    [InlineData(" a  b ", "a|b")]
    [InlineData("   ", "")]
    public void Words_OfALine_AreSplitAtSpaces(string text, string words) =>
        string.Join('|', Line(text).Words().Select(word => word.Text)).ShouldBe(words);

    [Fact]
    public void Words_WhereTheModelSawASpaceWithoutWritingIt_AreSplit() =>
        Line("noparking", spaceBefore: 2).Words().Select(word => word.Text).ShouldBe(["no", "parking"]);

    [Fact]
    public void Words_HaveTheirPartsOfTheLine()
    {
        var words = Line("no parking").Words();

        words[0].From.ShouldBe(0, 0.001);
        words[0].To.ShouldBe(0.2f, 0.001);
        words[1].From.ShouldBe(0.3f, 0.001);
        words[1].To.ShouldBe(1, 0.001);
    }

    [Fact]
    public void Confidence_OfALine_IsThatOfItsLetters()
    {
        var line = new LineOfCharacters([new("a", 0.6f, 0, 0), new(" ", 0.1f, 1, 0), new("b", 0.8f, 2, 0)], 3);

        line.Confidence.ShouldBe(0.7f, 0.001);
        line.Count.ShouldBe(2);
        line.Words().Select(word => word.Confidence).ShouldBe([0.6f, 0.8f]);
        new LineOfCharacters([], 3).Confidence.ShouldBe(0);
    }

    /// <summary>Each character is one step wide.</summary>
    private static LineOfCharacters Line(string text, int spaceBefore = -1) =>
        new([.. text.Select((letter, index) => new ReadCharacter(letter.ToString(), 0.9f, index + 0.5f, index == spaceBefore ? 0.4f : 0))], text.Length);
}
