using System.Net.Http.Headers;
using ImageAspire.Imaging;
using ImageAspire.Vision.Embeddings;
using ImageAspire.Vision.Models;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace ImageAspire.Tests.Vision;

/// <summary>The routes of "multimodal embeddings", with embeddings that say what they got.</summary>
public sealed class VectorizeTests
{
    private const string Query = "api-version=2024-02-01&model-version=2023-04-15";

    [Fact]
    public async Task VectorizeText_AText_HasItsVector()
    {
        await using var vision = await StartAsync();

        using var answer = await TextAsync(vision, """{"text":"a puppy"}""");

        (await answer.OkAsync()).GetRawText().ShouldBe("""{"modelVersion":"text/1","vector":[7,0.5]}""");
    }

    [Fact]
    public async Task VectorizeImage_AnImage_HasItsVector()
    {
        await using var vision = await StartAsync();

        using var answer = await ImageAsync(vision, TestImages.Jpeg(1000, 500));

        (await answer.OkAsync()).GetRawText().ShouldBe("""{"modelVersion":"image/1","vector":[448,224]}""");
    }

    [Theory]
    [InlineData("api-version=2023-10-01&model-version=2023-04-15", "UnsupportedApiVersion", null)]
    [InlineData("api-version=2024-02-01", "InvalidRequest", "BadArgument")]
    [InlineData("api-version=2024-02-01&model-version=latest", "InvalidRequest", "BadArgument")]
    public async Task Vectorize_WrongQuery_Is400(string query, string code, string? inner)
    {
        await using var vision = await StartAsync();

        await (await TextAsync(vision, """{"text":"a"}""", query)).ShouldBeErrorAsync(400, code, inner);
        await (await ImageAsync(vision, TestImages.Jpeg(), query)).ShouldBeErrorAsync(400, code, inner);
    }

    [Theory]
    [InlineData("{")]
    [InlineData("{}")]
    [InlineData("""{"text":null}""")]
    [InlineData("""{"text":" "}""")]
    [InlineData("""{"text":7}""")]
    public async Task VectorizeText_NoText_Is400(string body)
    {
        await using var vision = await StartAsync();

        await (await TextAsync(vision, body)).ShouldBeErrorAsync(400, "InvalidRequest", "BadArgument");
    }

    [Fact]
    public async Task Vectorize_WhatItDoesNotTake_IsRefused()
    {
        await using var vision = await StartAsync();

        await (await ImageAsync(vision, [])).ShouldBeErrorAsync(400, "InvalidRequest", "InvalidImageFormat");
        await (await ImageAsync(vision, TestImages.Jpeg(49, 100))).ShouldBeErrorAsync(400, "InvalidRequest", "InvalidImageSize");
        await (await TextAsync(vision, $$"""{"text":"{{new string('a', 20_000)}}"}""")).ShouldBeErrorAsync(400, "InvalidRequest", "BadArgument");
        vision.Client.DefaultRequestHeaders.Clear();
        await (await TextAsync(vision, """{"text":"a"}""")).ShouldBeErrorAsync(401, "401");
        await (await ImageAsync(vision, TestImages.Jpeg())).ShouldBeErrorAsync(401, "401");
    }

    [Fact]
    public async Task Vectorize_WithoutModels_Is404()
    {
        await using var vision = await VisionHost.StartAsync(null, services => services.RemoveAll<ITextEmbedding>().RemoveAll<IImageEmbedding>()
            .AddSingleton<ITextEmbedding>(_ => null!).AddSingleton<IImageEmbedding>(_ => null!));

        await (await TextAsync(vision, """{"text":"a"}""")).ShouldBeErrorAsync(404, "404");
        await (await ImageAsync(vision, TestImages.Jpeg())).ShouldBeErrorAsync(404, "404");
    }

    [Fact]
    public async Task Vectorize_DamagedModel_Is404()
    {
        using var folder = new TempFolder();
        foreach (var file in ModelLock.Current.Files.Where(file => file.Optional))
            await File.WriteAllTextAsync(Path.Combine(folder.Root, file.Name), "damaged");
        await using var vision = await VisionHost.StartAsync(settings: ("Vision:Models", folder.Root));

        await (await TextAsync(vision, """{"text":"a"}""")).ShouldBeErrorAsync(404, "404");
        await (await ImageAsync(vision, TestImages.Jpeg(100, 100))).ShouldBeErrorAsync(404, "404");
    }

    [Fact]
    public async Task VectorizeText_WhileImagesTakeEveryPlace_IsAnswered()
    {
        var analysis = new WaitingAnalysis();
        await using var vision = await VisionHost.StartAsync(analysis, services => services.Replace(ServiceDescriptor.Singleton<ITextEmbedding>(new LengthOfText())),
            ("Vision:AtOnce", "1"), ("Vision:Queue", "2"));
        var images = Enumerable.Range(0, 2).Select(_ => vision.AnalyzeAsync(TestImages.Jpeg(100, 100))).ToList();
        await Eventually.TrueAsync(() => vision.Queue.Count == 2);

        using var answer = await TextAsync(vision, """{"text":"a puppy"}""");

        await answer.OkAsync();
        analysis.LetGo(2);
        foreach (var image in images)
            await (await image).OkAsync();
    }

    private static Task<VisionHost> StartAsync() => VisionHost.StartAsync(null, services => services
        .Replace(ServiceDescriptor.Singleton<ITextEmbedding>(new LengthOfText())).Replace(ServiceDescriptor.Singleton<IImageEmbedding>(new SizeOfImage())));

    private static Task<HttpResponseMessage> TextAsync(VisionHost vision, string body, string query = Query) =>
        vision.Client.PostAsync($"/computervision/retrieval:vectorizeText?{query}", new StringContent(body, new MediaTypeHeaderValue("application/json")));

    private static Task<HttpResponseMessage> ImageAsync(VisionHost vision, byte[] body, string query = Query) =>
        vision.Client.PostAsync($"/computervision/retrieval:vectorizeImage?{query}", new ByteArrayContent(body) { Headers = { ContentType = new MediaTypeHeaderValue("application/octet-stream") } });

    private sealed class LengthOfText : ITextEmbedding
    {
        public string ModelVersion => "text/1";

        public float[] Of(string text, CancellationToken cancellationToken) => [text.Length, 0.5f];
    }

    private sealed class SizeOfImage : IImageEmbedding
    {
        public string ModelVersion => "image/1";

        public float[] Of(RgbPixels image, CancellationToken cancellationToken) => [image.Width, image.Height];
    }
}
