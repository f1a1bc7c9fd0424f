using System.Text;
using ImageAspire.Core.Events;
using ImageAspire.Core.Images;
using ImageAspire.Core.Lifecycle;
using ImageAspire.Core.Pipeline;
using ImageAspire.Core.Ports;
using ImageAspire.Core.Stores;
using ImageAspire.Core.Vectors;

namespace ImageAspire.Tests.Core;

/// <summary>The vectors that the stage AnalyzeImage makes.</summary>
public sealed class VectorMakerTests : IAsyncDisposable
{
    private static readonly CancellationToken None = CancellationToken.None;
    private readonly StageHost _host = new();
    private readonly FakeVectorizer _vectorizer = new();

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task Analyze_WithAVectorizer_VectorsAndTheirModelsAreWritten()
    {
        var record = await AnalyzeAsync();

        record.Analysis!.VectorModels.ShouldBe(["fake-image/1", "fake-text/1"]);
        (await _host.Vectors.GetAsync(record.Id, None)).Select(one => one.Kind).ShouldBe([VectorKind.Image, VectorKind.Text, VectorKind.Text, VectorKind.Text], ignoreOrder: true);
        _vectorizer.Texts.ShouldBe(["dog", "NO PARKING", "Rex, at the beach"]);
        (await _host.Vectors.FindAsync(new VectorQuery(VectorKind.Text, FakeVectorizer.Of("puppy")) { MinScore = 0.5 }, None)).Count.ShouldBe(1);
        (await _host.Vectors.FindAsync(new VectorQuery(VectorKind.Image, FakeVectorizer.Of("thumbnail", "fake-image/1")) { MinScore = 0.9 }, None)).Count.ShouldBe(1);
    }

    [Fact]
    public async Task Analyze_OneSpace_NoVectorOfATextIsPaidFor()
    {
        _vectorizer.HasOneSpace = true;

        (await AnalyzeAsync()).Analysis!.VectorModels.ShouldBe(["fake-image/1"]);

        _vectorizer.Texts.ShouldBeEmpty();
    }

    [Fact]
    public async Task Analyze_Panorama_ALargerThumbnailIsTaken()
    {
        var record = await AnalyzeAsync(thumbnails: [new ThumbnailInfo(256, 256, 17, "image/webp", Thumbnail.Length), new ThumbnailInfo(1024, 1024, 68, "image/webp", Thumbnail.Length)]);

        record.Analysis!.VectorModels.ShouldNotBeNull().ShouldContain("fake-image/1");
    }

    [Fact]
    public async Task Analyze_NotOffered_EmptyModels()
    {
        _vectorizer.IsOffered = false;
        var record = await AnalyzeAsync();

        record.Analysis!.VectorModels.ShouldNotBeNull().ShouldBeEmpty();
        StageCatalog.AnalyzeImage.Reprocessing!.LacksResult(record).ShouldBeFalse();
    }

    [Fact]
    public async Task Analyze_VectorizerFails_TheAnalysisStandsAndALaterRunAddsThem()
    {
        _vectorizer.Error = new VectorizerUnavailableException("It is down.");
        var record = await AnalyzeAsync();
        (record.Status, record.Analysis!.VectorModels).ShouldBe((ImageStatus.Analyzed, null));
        StageCatalog.AnalyzeImage.Reprocessing!.LacksResult(record).ShouldBeTrue();
        (await _host.Vectors.GetAsync(record.Id, None)).ShouldBeEmpty();

        _vectorizer.Error = null;
        await _host.Catalog.TransitionAsync(record.Id, one => StageCatalog.AnalyzeImage.Reprocessing.Repeat(one, Samples.Traced), None);
        record = await RunAsync(record.Id);

        StageCatalog.AnalyzeImage.Reprocessing.LacksResult(record).ShouldBeFalse();
        (await _host.Vectors.GetAsync(record.Id, None)).Count.ShouldBe(4);
    }

    [Fact]
    public async Task Analyze_MeasuredFactsOnly_NoVectors()
    {
        var record = await AnalyzeAsync(Seen with { Provider = ImageAnalysis.BuiltIn });

        record.Analysis!.VectorModels.ShouldBeNull();
        _vectorizer.Texts.ShouldBeEmpty();
    }

    [Fact]
    public void Phrases_OfAnAnalysis_AreThingsTextsAndWhatPeopleWrote()
    {
        var image = Samples.Image("IMG_1.jpg") with { Metadata = new ImageMetadata(" Sunset ", null, ["beach", "Portugal"], Creator: "nobody") };
        SeenPhrases.Of(image, Samples.Analysis with
        {
            Tags = [new("outdoor", 0.9), new("green", 0.9), new("text", 0.9), new("dog", 0.8), new("sky", 0.7), new("cat", 0.1), new("blurry", 1), new("orange", 0.9)],
            Objects = [new("dog", 0.8, new BoundingBox(0, 0, 1, 1)), new("dog", 0.7, new BoundingBox(0, 0, 1, 1)), new("car", 0.95, new BoundingBox(0, 0, 1, 1)), new("orange", 0.4, new BoundingBox(0, 0, 1, 1))],
            Text = [new("NO\0 ENTRY", 1, new BoundingBox(0, 0, 1, 1)), new(new string('x', 2_000), 1, new BoundingBox(0, 0, 1, 1))],
        }).ShouldBe(["car", "dog", "sky", "orange", "NO ENTRY " + new string('x', 391), "Sunset, beach, Portugal"]);
    }

    [Fact]
    public void Phrases_OfMeasuredFacts_None() => SeenPhrases.Of(Samples.Image(), Samples.Analysis).ShouldBeEmpty();

    private static ImageAnalysis Seen => Samples.Analysis with
    {
        Objects = [new("dog", 0.8, new BoundingBox(0, 0, 1, 1))], Tags = [new("dog", 0.8), new("animal", 0.8), new("green", 1)], VectorModels = null,
        Text = [new("NO", 1, new BoundingBox(0, 0, 1, 1)), new("PARKING", 1, new BoundingBox(0, 0, 1, 1))],
    };

    private ImageAnalysis _analysis = Seen;

    private static readonly byte[] Thumbnail = Encoding.UTF8.GetBytes("thumbnail");

    private async Task<ImageRecord> AnalyzeAsync(ImageAnalysis? analysis = null, params ThumbnailInfo[] thumbnails)
    {
        _analysis = analysis ?? Seen;
        var id = (await _host.UploadAsync(TestImages.Jpeg(seed: 5))).Record.Id;
        if (thumbnails is [])
            thumbnails = [new ThumbnailInfo(256, 256, 192, "image/webp", Thumbnail.Length), new ThumbnailInfo(1024, 256, 192, "image/webp", Thumbnail.Length)];
        await _host.Catalog.TransitionAsync(id, record => ImageLifecycle.Inspect(
            record, Samples.Facts with { Thumbnails = thumbnails, Metadata = new ImageMetadata("Rex", "at the beach") }, Samples.Traced), None);
        var inspected = (await _host.Catalog.GetAsync(id, None))!;
        await using (var staged = await _host.Blobs.StageAsync(None))
        {
            await staged.Content.WriteAsync(Thumbnail);
            await staged.CommitAsync(BlobNames.Thumbnail(inspected.Sha256, id, thumbnails.First(one => one.Height >= 50).Size, "image/webp"), "image/webp", None);
        }

        return await RunAsync(id);
    }

    private async Task<ImageRecord> RunAsync(Guid id)
    {
        var record = (await _host.Catalog.GetAsync(id, None))!;
        var stage = new AnalyzeImage(_host.Catalog, _host.Blobs, new Analyzer(_analysis), new VectorMaker(_vectorizer, _host.Blobs), TimeProvider.System);
        await stage.ExecuteAsync(Samples.Event(ImageEventTypes.Inspected, record), None);
        return (await _host.Catalog.GetAsync(id, None))!;
    }

    private sealed class Analyzer(ImageAnalysis analysis) : IImageAnalyzer
    {
        public Task<ImageAnalysis> AnalyzeAsync(ImageRecord record, OpenImage open, CancellationToken cancellationToken) => Task.FromResult(analysis);
    }
}
