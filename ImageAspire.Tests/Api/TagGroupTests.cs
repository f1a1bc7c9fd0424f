using ImageAspire.Api.Reports;
using ImageAspire.Core.Images;
using ImageAspire.Tests.Http;

namespace ImageAspire.Tests.Api;

/// <summary>What is in the images comes before what was measured on them.</summary>
public sealed class TagGroupTests
{
    [Fact]
    public void Sort_MeasuredFactsAreMoreFrequent_ContentIsFirstAllTheSame() =>
        TagGroups.Sort([new("green", 90), new("sharp", 80), new("dog", 7), new("black and white", 6), new("text", 5), new("landscape", 4), new("mine", 1)], 6).ShouldBe(
        [
            new("dog", 7, "content"), new("text", 5, "content"), new("mine", 1, "content"), new("sharp", 80, "measured"), new("landscape", 4, "measured"), new("green", 90, "color"),
        ]);

    [Fact]
    public async Task Tags_LimitBelowTheNumberOfMeasuredFacts_ContentIsThere()
    {
        await using var host = new ApiHost();
        var images = Enumerable.Range(0, 3).Select(i => Samples.Image($"{i}.jpg", i).Seen(null, i == 0 ? ["dog", "green", "sharp"] : ["green", "sharp", "bright", "blue"])).ToList();
        await host.Catalog.CommitAsync([.. images.Select(image => image.Insert())], CancellationToken.None);

        (await host.Client.GetAsync<PageDto<TagCountDto>>("/api/tags?limit=2")).Items.ShouldBe([new("dog", 1, "content"), new("sharp", 3, "measured")]);
    }

    [Theory]
    [InlineData("green", true)]
    [InlineData("blurry", true)]
    [InlineData("night", true)]
    [InlineData("dog", false)]
    [InlineData("Green", false)] // tags are in lower case
    [InlineData("", false)]
    public void MeasuredFacts_OfATag_AreKnown(string tag, bool isFact) => MeasuredFacts.Contains(tag).ShouldBe(isFact);
}
