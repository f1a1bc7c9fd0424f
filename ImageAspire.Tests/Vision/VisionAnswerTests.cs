namespace ImageAspire.Tests.Vision;

/// <summary>The shape of answers, from models.tsp of the public specification (azure-rest-api-specs, specification/ai/ImageAnalysis).</summary>
public sealed class VisionAnswerTests(SharedVision shared) : IClassFixture<SharedVision>
{
    private static readonly byte[] Photo = TestImages.Jpeg(200, 100);
    private readonly VisionHost _vision = shared.Host;

    [Theory]
    [InlineData("2023-10-01")]
    [InlineData("2024-02-01")]
    public async Task Analyze_Everything_HasTheShapeOfTheSpecification(string version)
    {
        using var answer = await _vision.AnalyzeAsync(new ByteArrayContent(Photo), $"api-version={version}&features={VisionHost.Everything}&language=en&model-version=latest&gender-neutral-caption=true");

        var body = await answer.OkAsync();
        answer.Content.Headers.ContentType!.ToString().ShouldBe("application/json; charset=utf-8");
        Guid.TryParse(answer.Headers.GetValues("apim-request-id").Single(), out _).ShouldBeTrue();
        body.GetProperty("modelVersion").GetString().ShouldStartWith("imageaspire-vision/2 (@vladmandic/human ");
        body.ToString().Replace(body.GetProperty("modelVersion").GetRawText(), "\"\"", StringComparison.Ordinal).ShouldBe("""
            {"modelVersion":"","metadata":{"width":200,"height":100},
            "captionResult":{"text":"Two people and a dog.","confidence":0.4},
            "tagsResult":{"values":[{"name":"person","confidence":0.9},{"name":"outdoor","confidence":0.6124}]},
            "objectsResult":{"values":[{"boundingBox":{"x":20,"y":20,"w":60,"h":40},"tags":[{"name":"person","confidence":0.8765}]},{"boundingBox":{"x":100,"y":50,"w":100,"h":50},"tags":[{"name":"dog","confidence":0.5}]},{"boundingBox":{"x":0,"y":0,"w":200,"h":100},"tags":[{"name":"person","confidence":0.4}]}]},
            "readResult":{"blocks":[{"lines":[{"text":"NO ENTRY","boundingPolygon":[{"x":20,"y":10},{"x":100,"y":10},{"x":100,"y":20},{"x":20,"y":20}],"words":[{"text":"NO","boundingPolygon":[{"x":20,"y":10},{"x":40,"y":10},{"x":40,"y":20},{"x":20,"y":20}],"confidence":0.9},{"text":"ENTRY","boundingPolygon":[{"x":60,"y":10},{"x":100,"y":10},{"x":100,"y":20},{"x":60,"y":20}],"confidence":0.8}]}]}]},
            "smartCropsResult":{"values":[{"aspectRatio":1.5,"boundingBox":{"x":20,"y":0,"w":100,"h":100}}]},
            "peopleResult":{"values":[{"boundingBox":{"x":20,"y":20,"w":60,"h":40},"confidence":0.8765},{"boundingBox":{"x":0,"y":0,"w":200,"h":100},"confidence":0.4}]}}
            """.Replace("\n", "", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("tags")]
    [InlineData("caption")]
    [InlineData("objects")]
    [InlineData("read")]
    [InlineData("smartCrops")]
    [InlineData("people")]
    public async Task Analyze_OneFeature_HasNoOtherSection(string feature)
    {
        using var answer = await _vision.AnalyzeAsync(Photo, feature.ToUpperInvariant()); // names are of any case

        (await answer.OkAsync()).EnumerateObject().Select(part => part.Name).ShouldBe(["modelVersion", "metadata", $"{feature}Result"]);
    }

    [Fact]
    public async Task Analyze_ParametersManyTimesAndWithCommas_AreAllRead()
    {
        using var answer = await _vision.AnalyzeAsync(new ByteArrayContent(Photo), "api-version=2024-02-01&features=tags, people&features=smartCrops&smartcrops-aspect-ratios=0.9,1.33&smartcrops-aspect-ratios=0.75");

        var body = await answer.OkAsync();
        body.EnumerateObject().Select(part => part.Name).ShouldBe(["modelVersion", "metadata", "tagsResult", "smartCropsResult", "peopleResult"]);
        body.GetProperty("smartCropsResult").GetProperty("values").EnumerateArray().Select(crop => crop.GetProperty("aspectRatio").GetDouble()).ShouldBe([0.9, 1.33, 0.75]);
    }

    [Theory]
    [InlineData("heic")]
    [InlineData("jxl")]
    [InlineData("psd")]
    [InlineData("bmp")]
    [InlineData("cmyk")]
    [InlineData("16 bit")]
    [InlineData("turned")]
    public async Task Analyze_EveryKindOfImage_HasItsUprightSize(string kind)
    {
        var (file, width, height) = kind switch
        {
            "heic" => (TestImages.Heic(), 240, 160),
            "jxl" => (TestImages.Jxl(), 240, 160),
            "psd" => (TestImages.Psd(90, 60), 90, 60),
            "bmp" => (TestImages.Bmp(90, 60), 90, 60),
            "cmyk" => (TestImages.CmykJpeg(90, 60), 90, 60),
            "16 bit" => (TestImages.Png16(90, 60), 90, 60),
            _ => (TestImages.JpegWithExif(Imaging.ExifWriter.Write(6, "Acme", "One", "2024:05:01 10:20:30", "+02:00", (48.5, 3.2)), 90, 60), 60, 90),
        };

        using var answer = await _vision.AnalyzeAsync(file);

        var size = (await answer.OkAsync()).GetProperty("metadata");
        (size.GetProperty("width").GetInt32(), size.GetProperty("height").GetInt32()).ShouldBe((width, height));
    }
}
