using ImageAspire.Vision.Text;

namespace ImageAspire.Tests.Vision.Text;

public sealed class CtcDecoderTests
{
    // Classes: blank, a, b, c, space.
    private static readonly CtcDecoder Decoder = new(new CharacterTable("a\nb\nc\n"u8.ToArray()));

    [Theory]
    [InlineData("", "")]
    [InlineData("---", "")]
    [InlineData("aa-b", "ab")]
    [InlineData("a-a", "aa")]
    [InlineData("aabbb", "ab")]
    [InlineData("-ab c-", "ab c")]
    public void Decode_Steps_JoinsEqualOnesAndDropsBlanks(string steps, string text) =>
        string.Concat(Decoder.Decode(Steps(steps)).Select(character => character.Text)).ShouldBe(text);

    [Fact]
    public void Decode_Character_HasItsCenterAndHighestConfidence()
    {
        var steps = Steps("-bbb-");
        steps[(2 * 5) + 2] = 0.95f;

        var character = Decoder.Decode(steps).ShouldHaveSingleItem();

        character.Confidence.ShouldBe(0.95f);
        character.Center.ShouldBe(2.5f);
    }

    [Fact]
    public void Decode_SpaceBelowTheBlank_IsKnownToTheNextCharacter()
    {
        var steps = Steps("a-b-c");
        steps[5 + 4] = 0.3f;

        Decoder.Decode(steps).Select(character => character.SpaceBefore).ShouldBe([0, 0.3f, 0]);
    }

    /// <summary>One class of each step has 0.8.</summary>
    private static float[] Steps(string classes)
    {
        var steps = new float[classes.Length * 5];
        foreach (var (step, name) in classes.Index())
            steps[(step * 5) + "-abc ".IndexOf(name, StringComparison.Ordinal)] = 0.8f;
        return steps;
    }
}
