using ImageAspire.Imaging.Metadata;

namespace ImageAspire.Tests.Imaging;

public sealed class MetadataTextTests
{
    [Theory]
    [InlineData("e\u0301", "e\u0301")]
    [InlineData("e\u0301\u0302\u0303\u0304\u0305\u0306x\u0301", "e\u0301\u0302\u0303\u0304x\u0301")]
    [InlineData("\u0915\u094D\u0937\u093F", "\u0915\u094D\u0937\u093F")]
    public void Clean_PiledMarks_KeepsAsManyAsAScriptNeeds(string raw, string wanted) => MetadataText.Clean(raw).ShouldBe(wanted);
}
