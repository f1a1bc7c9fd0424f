using ImageAspire.Vision.Api;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace ImageAspire.Tests.Vision;

/// <summary>What the service refuses, with which codes; after each refusal it serves the next image.</summary>
public sealed class VisionRefusalTests(SharedVision shared) : IClassFixture<SharedVision>
{
    private static readonly byte[] Photo = TestImages.Jpeg(400, 300);
    private readonly VisionHost _vision = shared.Host;

    public static TheoryData<string, string> Unusable => new()
    {
        { "no bytes", "InvalidImageFormat" }, { "text", "InvalidImageFormat" }, { "SVG", "InvalidImageFormat" }, { "a header alone", "InvalidImageFormat" },
        { "a photo of which a tenth is there", "InvalidImageFormat" }, { "noise after a JPEG header", "InvalidImageFormat" },
        { "100,000 x 100,000", "InvalidImageSize" }, { "20,000 x 60", "InvalidImageSize" }, { "49 x 200", "InvalidImageSize" }, { "200 x 49", "InvalidImageSize" },
        { "1 x 1", "InvalidImageSize" }, { "0 x 0", "InvalidImageSize" }, { "16,001 x 50", "InvalidImageSize" },
    };

    [Theory]
    [InlineData("api-version=2022-01-01&features=tags", "UnsupportedApiVersion", null)]
    [InlineData("features=tags", "UnsupportedApiVersion", null)]
    [InlineData("api-version=2023-10-01&features=tags,age", "InvalidRequest", "NotSupportedVisualFeature")]
    [InlineData("api-version=2023-10-01&features=tags,denseCaptions", "InvalidRequest", "NotSupportedVisualFeature")]
    [InlineData("api-version=2023-10-01&features=", "InvalidRequest", "BadArgument")]
    [InlineData("api-version=2023-10-01&features=,", "InvalidRequest", "BadArgument")]
    [InlineData("api-version=2023-10-01", "InvalidRequest", "BadArgument")]
    [InlineData("api-version=2023-10-01&features=tags&language=tlh", "InvalidRequest", "NotSupportedLanguage")]
    [InlineData("api-version=2023-10-01&features=smartCrops&smartcrops-aspect-ratios=0.9,3", "InvalidRequest", "BadArgument")]
    [InlineData("api-version=2023-10-01&features=smartCrops&smartcrops-aspect-ratios=wide", "InvalidRequest", "BadArgument")]
    [InlineData("api-version=2023-10-01&features=smartCrops&smartcrops-aspect-ratios=NaN", "InvalidRequest", "BadArgument")]
    [InlineData("api-version=2023-10-01&features=smartCrops&smartcrops-aspect-ratios=1,1,1,1,1,1,1,1,1,1,1", "InvalidRequest", "BadArgument")]
    [InlineData("api-version=2023-10-01&features=tags&model-version=1999-01-01", "InvalidRequest", "BadArgument")]
    [InlineData("api-version=2023-10-01&features=tags&gender-neutral-caption=maybe", "InvalidRequest", "BadArgument")]
    public async Task Analyze_WrongQuery_Is400(string query, string code, string? inner)
    {
        using var answer = await _vision.AnalyzeAsync(new ByteArrayContent(Photo), query);

        await answer.ShouldBeErrorAsync(400, code, inner);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("wrong")]
    [InlineData("a-key-for-test")]
    [InlineData("a-key-for-tests2")]
    [InlineData("A-KEY-FOR-TESTS")]
    public async Task Analyze_WrongKey_Is401(string? key)
    {
        using var client = new HttpClient { BaseAddress = _vision.Client.BaseAddress };
        if (key is not null)
            client.DefaultRequestHeaders.Add(VisionKey.Header, key);

        using var answer = await client.PostAsync("/computervision/imageanalysis:analyze?api-version=2023-10-01&features=tags", new ByteArrayContent(Photo));

        await answer.ShouldBeErrorAsync(401, "401");
    }

    [Theory]
    [InlineData("POST", "/vision/v3.2/analyze")]
    [InlineData("GET", "/computervision/imageanalysis:analyze?api-version=2023-10-01&features=tags")]
    [InlineData("DELETE", "/")]
    [InlineData("GET", "/computervision/imageanalysis")]
    public async Task AnyOtherAddress_Is404(string method, string address)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), address);

        using var answer = await _vision.Client.SendAsync(request);

        await answer.ShouldBeErrorAsync(404, "404");
    }

    [Theory]
    [InlineData("text/plain")]
    [InlineData("image/jpeg")]
    public async Task Analyze_AnotherContentType_Is415(string type)
    {
        using var answer = await _vision.AnalyzeAsync(new ByteArrayContent(Photo), "api-version=2023-10-01&features=tags", type);

        await answer.ShouldBeErrorAsync(415, "UnsupportedMediaType");
    }

    [Theory]
    [MemberData(nameof(Unusable))]
    public async Task Analyze_UnusableImage_Is400AndTheNextIsServed(string what, string code)
    {
        using (var answer = await _vision.AnalyzeAsync(UnusableImage(what), VisionHost.Everything))
            await answer.ShouldBeErrorAsync(400, "InvalidRequest", code, what);
        using var next = await _vision.AnalyzeAsync(Photo);

        await next.OkAsync();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Analyze_20MegabytesAnnouncedOrNot_IsTooLarge(bool announced)
    {
        using var body = announced ? (HttpContent)new ByteArrayContent(new byte[20_000_000]) : new StreamContent(new ZerosStream(25_000_000));

        using var answer = await _vision.AnalyzeAsync(body, "api-version=2023-10-01&features=tags");

        await answer.ShouldBeErrorAsync(400, "InvalidRequest", "InvalidImageSize");
    }

    [Fact]
    public async Task Analyze_OneByteLess_IsRead()
    {
        using var answer = await _vision.AnalyzeAsync(TestImages.Jpeg(200, 100, padTo: 19_000_000));

        await answer.OkAsync();
    }

    [Theory]
    [InlineData("{")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("""{"url":"/a.jpg"}""")]
    [InlineData("""{"url":"http://192.0.2.1/a.jpg"}""")]
    [InlineData("""{"url":"http://127.0.0.2/a.jpg"}""")]
    [InlineData("""{"url":"http://[::ffff:127.0.0.1]/a.jpg"}""")]
    [InlineData("""{"url":"file:///etc/hosts"}""")]
    [InlineData("""{"url":"http://localhost.example/a.jpg"}""")]
    [InlineData("""{"url":"http://localhost@192.0.2.1/a.jpg"}""")]
    [InlineData("""{"url":"http://user:secret@localhost/a.jpg"}""")]
    public async Task Analyze_UrlOfAnotherPlace_Is400(string body)
    {
        using var answer = await _vision.AnalyzeAsync(new StringContent(body), "api-version=2023-10-01&features=tags", "application/json; charset=utf-8");

        await answer.ShouldBeErrorAsync(400, "InvalidRequest", "InvalidImageUrl");
    }

    [Fact]
    public async Task Analyze_UrlOnThisMachine_IsFetchedWithoutRedirects()
    {
        await using var files = await ServeAsync();

        foreach (var host in (string[])["127.0.0.1", "localhost", "LOCALHOST"])
            await (await AskAsync($"http://{host}:{files.Port}/photo.jpg")).OkAsync();
        foreach (var path in (string[])["/elsewhere", "/missing", "/endless"])
        {
            using var refused = await AskAsync($"http://127.0.0.1:{files.Port}{path}");
            await refused.ShouldBeErrorAsync(400, "InvalidRequest", path == "/endless" ? "InvalidImageSize" : "InvalidImageUrl", path);
        }

        using var nothing = await AskAsync($"http://127.0.0.1:{Ports.Free()}/photo.jpg");
        await nothing.ShouldBeErrorAsync(400, "InvalidRequest", "InvalidImageUrl");
    }

    private Task<HttpResponseMessage> AskAsync(string url) =>
        _vision.AnalyzeAsync(new StringContent($$"""{ "url": "{{url}}" }"""), "api-version=2023-10-01&features=people", "application/json");

    private static async Task<FileServer> ServeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        var app = builder.Build();
        app.Urls.Add("http://127.0.0.1:0");
        app.MapGet("/photo.jpg", () => TypedResults.Bytes(Photo));
        app.MapGet("/elsewhere", () => TypedResults.Redirect("/photo.jpg"));
        app.MapGet("/endless", (HttpContext context) => new ZerosStream(long.MaxValue).CopyToAsync(context.Response.Body, context.RequestAborted));
        await app.StartAsync();
        return new FileServer(app);
    }

    private static byte[] UnusableImage(string what) => what switch
    {
        "no bytes" => [],
        "text" => "I am an image, I promise."u8.ToArray(),
        "SVG" => "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"100\" height=\"100\"><rect width=\"9\" height=\"9\"/></svg>"u8.ToArray(),
        "a header alone" => Photo[..20],
        "a photo of which a tenth is there" => Photo[..(Photo.Length / 12)],
        "noise after a JPEG header" => [.. Photo[..200], .. Enumerable.Repeat((byte)0xA7, 4000)],
        "100,000 x 100,000" => FlatPng.Write(100_000, 100_000, rows: 1),
        "20,000 x 60" => FlatPng.Write(20_000, 60),
        "16,001 x 50" => FlatPng.Write(16_001, 50),
        "49 x 200" => TestImages.Jpeg(49, 200),
        "200 x 49" => TestImages.Jpeg(200, 49),
        "1 x 1" => TestImages.Png(1, 1),
        _ => TestImages.ZeroByZeroPng(),
    };

    private sealed class FileServer(WebApplication app) : IAsyncDisposable
    {
        public int Port => new Uri(app.Urls.First()).Port;

        public ValueTask DisposeAsync() => app.DisposeAsync();
    }
}
