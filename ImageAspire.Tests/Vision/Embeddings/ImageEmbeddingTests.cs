using System.Numerics.Tensors;
using ImageAspire.Imaging;
using ImageAspire.Tests.Requirements;
using ImageAspire.Tests.Vision.Text;
using ImageAspire.Vision.Embeddings;
using NetVips;

namespace ImageAspire.Tests.Vision.Embeddings;

public sealed class ImageEmbeddingTests
{
    private static readonly Lazy<EmbeddingModels> Models = new(() => new EmbeddingModels(VisionModels.Folder));

    public ImageEmbeddingTests() => VisionModels.RequireEmbeddings();

    private static IImageEmbedding Images => Models.Value.Image!;

    [Fact]
    public void Of_TheSameImageScaled_IsAlike()
    {
        var sign = new DrawnText(600, 400).Line("NO PARKING", 64, 60, 160).Draw();

        Similarity(sign, sign.Resize(300, 200)).ShouldBeGreaterThan(0.95f);
        Similarity(sign, Stripes(600, 400)).ShouldBeLessThan(0.8f);
    }

    [Fact]
    public void Of_SharedPhotos_SetsTheSameSceneApart()
    {
        var folder = Path.Combine(Repository.Root, "..", "shared", "photos");
        Assert.SkipUnless(Directory.Exists(folder), $"needs {folder}, which is not part of the repository");
        var (waterfall, small, person) = (Photo("Landscape_1.jpg", 1600), Photo("Landscape_1.jpg", 400), Photo("Portrait_1.jpg", 1600));

        Similarity(waterfall, small).ShouldBeGreaterThan(0.95f);
        Similarity(waterfall, person).ShouldBeLessThan(0.8f);

        RgbPixels Photo(string name, int side)
        {
            using var photo = Image.Thumbnail(Path.Combine(folder, name), side, height: side);
            return new RgbPixels(photo.Width, photo.Height, photo.WriteToMemory<byte>());
        }
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(1600, 1)]
    [InlineData(3, 1600)]
    [InlineData(224, 224)]
    public void Of_AnySize_IsAVectorOfLengthOneAndTheSameEachTime(int width, int height)
    {
        var vector = Of(Stripes(width, height));

        vector.Length.ShouldBe(512);
        TensorPrimitives.Norm<float>(vector).ShouldBe(1, 0.0001);
        Of(Stripes(width, height)).ShouldBe(vector);
    }

    [Fact]
    public void Of_Cancelled_Ends() => Should.Throw<OperationCanceledException>(() => Images.Of(Stripes(50, 50), new CancellationToken(canceled: true)));

    [Fact]
    public void ModelVersion_IsThatOfStoredVectors() => Images.ModelVersion.ShouldBe("resnet18/1");

    private static RgbPixels Stripes(int width, int height)
    {
        using var stripes = Image.Sines(width, height, uchar: true, hfreq: 7);
        return DrawnText.Of(stripes);
    }

    private static float Similarity(RgbPixels a, RgbPixels b) => TensorPrimitives.Dot<float>(Of(a), Of(b));

    private static float[] Of(RgbPixels image) => Images.Of(image, TestContext.Current.CancellationToken);
}
