using System.Numerics.Tensors;
using ImageAspire.Tests.Requirements;
using ImageAspire.Vision.Embeddings;

namespace ImageAspire.Tests.Vision.Embeddings;

public sealed class TextEmbeddingTests
{
    private static readonly Lazy<EmbeddingModels> Models = new(() => new EmbeddingModels(VisionModels.Folder));

    public TextEmbeddingTests() => VisionModels.RequireEmbeddings();

    private static ITextEmbedding Texts => Models.Value.Text!;

    [Fact]
    public void Of_WordsThatMeanAlike_AreNearer()
    {
        Similarity("puppy", "dog").ShouldBeGreaterThan(0.7f);
        Similarity("puppy", "dog").ShouldBeGreaterThan(Similarity("puppy", "car") + 0.2f);
        Similarity("vehicle on a street", "car").ShouldBeGreaterThan(Similarity("vehicle on a street", "pizza") + 0.2f);
    }

    [Theory]
    [InlineData("a dog on a beach")]
    [InlineData("")]
    [InlineData("   \n")]
    [InlineData("🐶🏖️")]
    [InlineData("a\0b")]
    [InlineData("\uD800 half of a pair")]
    [InlineData("Fußgängerübergang, 駐車禁止")]
    public void Of_AnyText_IsAVectorOfLengthOneAndTheSameEachTime(string text)
    {
        var vector = Of(text);

        vector.Length.ShouldBe(384);
        TensorPrimitives.Norm<float>(vector).ShouldBe(1, 0.0001);
        Of(text).ShouldBe(vector);
    }

    [Fact]
    public void Of_TextBeyondTheModelsLength_IsThatOfItsBeginning()
    {
        var long1 = string.Join(' ', Enumerable.Repeat("many words", 500));

        Of(long1 + " and a dog").ShouldBe(Of(long1));
        Of(new string('x', 1_000_000)).Length.ShouldBe(384);
    }

    [Fact]
    public void Of_AccentsAndCase_DoNotCount() => Of("CAFÉ in Zürich").ShouldBe(Of("cafe in zurich"));

    [Fact]
    public void Of_Cancelled_Ends() => Should.Throw<OperationCanceledException>(() => Texts.Of("dog", new CancellationToken(canceled: true)));

    [Fact]
    public void ModelVersion_IsThatOfStoredVectors() => Texts.ModelVersion.ShouldBe("minilm-l6-v2/1");

    private static float Similarity(string a, string b) => TensorPrimitives.Dot<float>(Of(a), Of(b));

    private static float[] Of(string text) => Texts.Of(text, TestContext.Current.CancellationToken);
}
