using ImageAspire.Core.Images;

namespace ImageAspire.Tests.Core;

/// <summary>What of a record can be found.</summary>
public sealed class SearchTextTests
{
    [Fact]
    public void Of_MetadataOfTheFile_IsFound()
    {
        var record = Samples.Image("photo.jpg") with { Metadata = new ImageMetadata("Title", "A cold morning", ["glacier", "winter trip"], 4, "Creator", "Rights") };

        SearchText.Words(SearchText.Of(record)).ShouldBe(["photo", "jpg", "Title", "A", "cold", "morning", "glacier", "winter", "trip", "Creator"]);
    }

    [Fact]
    public void Of_DamagedImage_HasTheWord()
    {
        SearchText.Words(SearchText.Of(Samples.Image("photo.jpg") with { Damaged = new ImageDamage(ImageDamage.Corrupt) })).ShouldContain("damaged");
        SearchText.Words(SearchText.Of(Samples.Image("photo.jpg"))).ShouldNotContain("damaged");
    }
}
