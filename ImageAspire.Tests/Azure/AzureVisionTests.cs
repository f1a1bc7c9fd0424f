using Azure;
using Azure.AI.Vision.ImageAnalysis;
using ImageAspire.Azure.Analysis;
using ImageAspire.Core.Images;
using ImageAspire.Core.Ports;
using ImageAspire.Tests.Contracts;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using static Azure.AI.Vision.ImageAnalysis.AIVisionImageAnalysisModelFactory;

namespace ImageAspire.Tests.Azure;

/// <summary>The adapter and its mapping, with a client that answers what a test says, built with the SDK's model factory.</summary>
public sealed class AzureVisionTests : ImageAnalyzerContract
{
    private static readonly ImageAnalysisResult Answer = ImageAnalysisResult(
        modelVersion: "2023-10-01", metadata: ImageMetadata(width: 600, height: 450),
        caption: CaptionResult(0.8f, "a dog on a beach"),
        tags: TagsResult([DetectedTag(0.5f, "Sand"), DetectedTag(0.99f, "dog"), DetectedTag(0.7f, "Dog")]),
        objects: ObjectsResult([DetectedObject(ImageBoundingBox(10, 20, 300, 200), [DetectedTag(0.9f, "Dog")])]),
        people: PeopleResult([DetectedPerson(ImageBoundingBox(1, 2, 30, 40), 0.9f), DetectedPerson(ImageBoundingBox(1, 2, 30, 40), 0.01f)]),
        read: ReadResult([DetectedTextBlock([DetectedTextLine("<b>SALE</b>",
            [ImagePoint(5, 6), ImagePoint(50, 8), ImagePoint(48, 20), ImagePoint(4, 18)], [DetectedTextWord("<b>SALE</b>", confidence: 0.75f)])])]));

    [Fact]
    public async Task Analyze_FullAnswer_IsMappedAndSorted()
    {
        var seen = await AnalyzeAsync(Measured);

        (seen.Provider, seen.Model, seen.Caption).ShouldBe(("azure-ai-vision", "2023-10-01", "A dog on a beach."));
        seen.Tags.ShouldBe([new ImageTag("dog", 0.99), new ImageTag("sand", 0.5)]);
        seen.Objects.ShouldBe([new ImageAspire.Core.Images.DetectedObject("dog", 0.9, new BoundingBox(10, 20, 300, 200))]);
        seen.People.ShouldBe([new ImageAspire.Core.Images.DetectedPerson(0.9, new BoundingBox(1, 2, 30, 40))]);
        seen.Text.ShouldBe([new DetectedText("<b>SALE</b>", 0.75, new BoundingBox(4, 6, 46, 14))]);
    }

    [Fact]
    public async Task Analyze_RotatedPhoto_ShowsTheThumbnailAndScalesBoxes()
    {
        var thumbnail = new ThumbnailInfo(1024, 600, 450, "image/jpeg", 9);
        ThumbnailInfo? shown = null;
        var seen = await Create().AnalyzeAsync(Measured with { Orientation = 6, Width = 6000, Height = 4500, Thumbnails = [thumbnail] }, (which, token) =>
        {
            shown = which;
            return Open(which, token);
        }, default);

        shown.ShouldBe(thumbnail);
        seen.Objects[0].Box.ShouldBe(new BoundingBox(100, 200, 3000, 2000));
    }

    [Fact]
    public async Task Analyze_RegionWithoutCaptions_AsksAgainWithoutAndRemembers()
    {
        var asked = new List<VisualFeatures>();
        var analyzer = Create(features =>
        {
            asked.Add(features);
            return features.HasFlag(VisualFeatures.Caption) ? throw Failed(400, "NotSupportedVisualFeature") : ImageAnalysisResult(tags: TagsResult([DetectedTag(1, "dog")]));
        });

        (await analyzer.AnalyzeAsync(Measured, Open, default)).Caption.ShouldBeNull();
        await analyzer.AnalyzeAsync(Measured, Open, default);

        asked.Select(features => features.HasFlag(VisualFeatures.Caption)).ShouldBe([true, false, false]);
    }

    [Theory]
    [InlineData(429, "TooManyRequests")]
    [InlineData(401, "PermissionDenied")]
    [InlineData(403, "Forbidden")]
    [InlineData(404, "NotFound")]
    [InlineData(500, "InternalServerError")]
    [InlineData(503, "ServiceUnavailable")]
    public async Task Analyze_NotTheImagesFault_WaitsAndTriesAgain(int status, string code) =>
        await Should.ThrowAsync<AnalyzerUnavailableException>(() => Create(_ => throw Failed(status, code)).AnalyzeAsync(Measured, Open, default));

    [Theory]
    [InlineData(400, "InvalidImageSize")]
    [InlineData(400, "NotSupportedImage")]
    [InlineData(415, "InvalidImageFormat")]
    public async Task Analyze_TheServiceDoesNotTakeIt_IsRefusedWithTheServicesCode(int status, string code) =>
        (await Should.ThrowAsync<AnalyzerRefusedException>(() => Create(_ => throw Failed(status, code)).AnalyzeAsync(Measured, Open, default))).Code.ShouldBe(code);

    [Fact]
    public async Task Analyze_TooSmall_IsRefusedWithoutAsking() =>
        await Should.ThrowAsync<AnalyzerRefusedException>(() =>
            Create(_ => throw new InvalidOperationException("asked")).AnalyzeAsync(Measured with { Width = 40, Height = 40 }, Open, default));

    private protected override IImageAnalyzer Create() => Create(_ => Answer);

    private static AzureVisionAnalyzer Create(Func<VisualFeatures, ImageAnalysisResult> answer) => new(
        new Client(answer), Options.Create(new VisionOptions()), TimeProvider.System, NullLogger<AzureVisionAnalyzer>.Instance);

    private static RequestFailedException Failed(int status, string code) => new(status, $"The service said {code}.", code, innerException: null);

    private sealed class Client(Func<VisualFeatures, ImageAnalysisResult> answer) : ImageAnalysisClient
    {
        public override Task<Response<ImageAnalysisResult>> AnalyzeAsync(
            BinaryData imageData, VisualFeatures visualFeatures, ImageAnalysisOptions options = default, CancellationToken cancellationToken = default)
        {
            cancellationToken.ThrowIfCancellationRequested();
            return Task.FromResult(Response.FromValue(answer(visualFeatures), response: null!));
        }
    }
}
