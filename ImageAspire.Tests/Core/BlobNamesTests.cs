using ImageAspire.Core.Images;

namespace ImageAspire.Tests.Core;

public sealed class BlobNamesTests
{
    [Fact]
    public void ImageOf_NamesWeMake_IsTheImage()
    {
        var id = Guid.CreateVersion7();
        var digest = new string('c', 64);

        BlobNames.ImageOf(BlobNames.Original(digest, id)).ShouldBe(id);
        BlobNames.ImageOf(BlobNames.Thumbnail(digest, id, 256, "image/webp")).ShouldBe(id);
    }

    [Theory]
    [InlineData("")]
    [InlineData("originals/readme")]
    [InlineData("originals/abc.not-an-id")]
    public void ImageOf_OtherNames_IsNull(string name) => BlobNames.ImageOf(name).ShouldBeNull();
}
