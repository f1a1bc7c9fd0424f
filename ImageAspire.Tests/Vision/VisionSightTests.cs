using System.Text.Json;
using ImageAspire.Imaging.Vips;
using ImageAspire.Tests.Imaging;
using ImageAspire.Tests.Requirements;
using NetVips;

namespace ImageAspire.Tests.Vision;

/// <summary>What the real models see, through the API of the real program.</summary>
[Trait("Category", "Slow")]
public sealed class VisionSightTests : IAsyncLifetime
{
    private const int Width = 800, Height = 160;
    private VisionProcess _vision = null!;
    private HttpClient _client = null!;

    public VisionSightTests() => VisionModels.Require();

    public async ValueTask InitializeAsync()
    {
        _vision = VisionProcess.Launch();
        _client = await _vision.RunsAsync();
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _vision.DisposeAsync();
    }

    [Fact]
    public async Task Analyze_PhotoOfFivePeople_TheyAreSeenBoxedTaggedAndTold()
    {
        var body = await AnalyzeAsync(await FivePeopleAsync(), VisionHost.Everything);

        body.GetProperty("metadata").GetRawText().ShouldBe("""{"width":800,"height":160}""");
        var people = Values(body, "peopleResult");
        people.Count.ShouldBeGreaterThanOrEqualTo(3);
        foreach (var box in people.Select(person => person.GetProperty("boundingBox")))
        {
            (Number(box, "x") + Number(box, "w")).ShouldBeLessThanOrEqualTo(Width);
            (Number(box, "y") + Number(box, "h")).ShouldBeLessThanOrEqualTo(Height);
        }

        Values(body, "objectsResult").Count(one => one.GetProperty("tags")[0].GetProperty("name").GetString() == "person").ShouldBe(people.Count);
        Values(body, "tagsResult").ShouldContain(tag => tag.GetProperty("name").GetString() == "person");
        body.GetProperty("captionResult").GetProperty("text").GetString().ShouldNotBeNull().ShouldMatch("^(Three|Four|Five) people");
    }

    [Fact]
    public async Task Analyze_NothingInIt_HasNoObjectsNoTextAndClaimsNothing()
    {
        var body = await AnalyzeAsync(PngWriter.Write(300, 200, (_, _) => (0x22, 0x44, 0xCC)), VisionHost.Everything);

        (Values(body, "objectsResult").Count, Values(body, "peopleResult").Count, body.GetProperty("readResult").GetProperty("blocks").GetArrayLength()).ShouldBe((0, 0, 0));
        body.GetProperty("captionResult").GetProperty("text").GetString().ShouldBe("An image, mostly blue.");
    }

    [Fact]
    public async Task Analyze_AspectRatios_AreCropsOfThatShapeInTheImage()
    {
        var body = await AnalyzeAsync(await FivePeopleAsync(), "smartCrops&smartcrops-aspect-ratios=0.9,1.33");

        var crops = Values(body, "smartCropsResult");
        crops.Select(crop => crop.GetProperty("aspectRatio").GetDouble()).ShouldBe([0.9, 1.33]);
        foreach (var crop in crops)
        {
            var box = crop.GetProperty("boundingBox");
            ((double)Number(box, "w") / Number(box, "h")).ShouldBe(crop.GetProperty("aspectRatio").GetDouble(), tolerance: 0.05);
            (Number(box, "x") + Number(box, "w")).ShouldBeLessThanOrEqualTo(Width);
        }
    }

    [Fact]
    public async Task Analyze_SameImageTwiceAtOnce_IsAnsweredAlike()
    {
        var photo = await FivePeopleAsync();

        var answers = await Task.WhenAll(AnalyzeAsync(photo, "objects"), AnalyzeAsync(photo, "objects"));

        Values(answers[0], "objectsResult").ShouldNotBeEmpty();
        answers[0].GetRawText().ShouldBe(answers[1].GetRawText());
    }

    private async Task<JsonElement> AnalyzeAsync(byte[] image, string features)
    {
        using var answer = await VisionProcess.AnalyzeAsync(_client, image, features);
        return await answer.OkAsync();
    }

    private static List<JsonElement> Values(JsonElement body, string section) => [.. body.GetProperty(section).GetProperty("values").EnumerateArray()];

    private static int Number(JsonElement box, string name) => box.GetProperty(name).GetInt32();

    // Side by side, in a part of the picture.
    private static async Task<byte[]> FivePeopleAsync()
    {
        VipsLibrary.Description.ShouldNotBeNull();
        using var all = Image.NewFromBuffer(await PhotoOfPeople.ReadAsync());
        using var part = all.Crop(0, 385, Width, Height);
        return part.JpegsaveBuffer(q: 90);
    }
}
