using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using ImageAspire.Tests.Hostile;
using ImageAspire.Tests.Requirements;

namespace ImageAspire.Tests.Vision;

/// <summary>Files made to hurt, through the API: each is answered with what was seen or with a refusal, and the service goes on.</summary>
[Trait("Category", "Slow")]
public sealed class VisionHostileTests(ITestOutputHelper output)
{
    private static readonly string[] Refusals = ["InvalidImageFormat", "InvalidImageSize"];

    private static readonly ParallelOptions TwoAtOnce = new() { MaxDegreeOfParallelism = 2 };

    [Fact]
    public async Task Analyze_EveryHostileFile_IsAnsweredOrRefused()
    {
        await using var vision = await VisionHost.StartAsync();
        var outcomes = new ConcurrentBag<string>();

        await Parallel.ForEachAsync(HostileCorpus.All(), TwoAtOnce, async (file, _) => outcomes.Add(await OutcomeAsync(vision, file.Bytes, file.Name)));

        Tell(outcomes);
        await (await vision.AnalyzeAsync(TestImages.Png(100, 100))).OkAsync();
    }

    /// <summary>The same ones each time; IMAGEASPIRE_TEST_VISION_MUTATIONS makes more, IMAGEASPIRE_TEST_SEED others.</summary>
    [Fact]
    public async Task Analyze_MutationsOfValidImages_AreAnsweredOrRefused()
    {
        var (count, seed) = (Setting("IMAGEASPIRE_TEST_VISION_MUTATIONS") ?? 200, Setting("IMAGEASPIRE_TEST_SEED") ?? 160_000);
        await using var vision = await VisionHost.StartAsync();
        var valid = Valid();
        foreach (var (name, bytes) in valid)
            (await OutcomeAsync(vision, bytes, name)).ShouldBe("answered", name);
        var outcomes = new ConcurrentBag<string>();

        await Parallel.ForAsync(0, count, TwoAtOnce, async (i, _) =>
        {
            var (name, bytes) = Mutation.Of(valid, unchecked(seed + i));
            outcomes.Add(await OutcomeAsync(vision, bytes, $"{name}, IMAGEASPIRE_TEST_SEED={seed}, mutation {i}"));
        });

        Tell(outcomes);
        outcomes.ShouldContain("answered");
        outcomes.Count.ShouldBe(count);
        await (await vision.AnalyzeAsync(TestImages.Png(100, 100))).OkAsync();
    }

    [Fact]
    public async Task Analyze_16000x16000InOneFlatPng_IsServed()
    {
        await using var vision = await VisionHost.StartAsync();

        using var answer = await vision.AnalyzeAsync(FlatPng.Write(16_000, 16_000));

        (await answer.OkAsync()).GetProperty("metadata").GetRawText().ShouldBe("""{"width":16000,"height":16000}""");
    }

    [Fact]
    public async Task Run_InAContainerOf512Megabytes_OutlivesHostileFiles()
    {
        Requires.Linux();
        VisionModels.Require();
        await using var container = MemoryCgroup.Create(512L << 20);
        await using var vision = VisionProcess.LaunchIn(container);
        using var client = await vision.RunsAsync();

        foreach (var file in HostileCorpus.All())
        {
            using var answer = await VisionProcess.AnalyzeAsync(client, file.Bytes);
            ((int)answer.StatusCode).ShouldBeLessThan(500, file.Name);
        }

        await (await VisionProcess.AnalyzeAsync(client, FlatPng.Write(16_000, 16_000), "tags")).OkAsync();
        await (await VisionProcess.AnalyzeAsync(client, TestImages.Jpeg(4000, 3000))).OkAsync();
        output.WriteLine($"The service: {vision.PeakBytes >> 20} MB at most; its decoders of now: {vision.DecoderPeakBytes >> 20} MB; ended by the kernel: {container.Kills}.");
    }

    private static async Task<string> OutcomeAsync(VisionHost vision, byte[] file, string what)
    {
        using var answer = await vision.AnalyzeAsync(file, VisionHost.Everything);
        var body = await answer.JsonAsync();
        if (answer.StatusCode == HttpStatusCode.OK)
            return "answered";
        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest, $"{what}: {body}");
        var code = body.GetProperty("error").GetProperty("innererror").GetProperty("code").GetString()!;
        code.ShouldBeOneOf(Refusals, what);
        return code;
    }

    // Large enough for the service, and small.
    private static List<(string Name, byte[] Bytes)> Valid()
    {
        const int Width = 60, Height = 52;
        return
        [
            ("JPEG", TestImages.Jpeg(Width, Height)), ("JPEG, CMYK", TestImages.CmykJpeg(Width, Height)), ("PNG", TestImages.Png(Width, Height)),
            ("PNG, 16 bits", TestImages.Png16(Width, Height)), ("PNG, alpha", TestImages.TransparentPng(Width, Height)), ("GIF", TestImages.AnimatedGif(Width, Height)),
            ("TIFF", TestImages.Tiff(Width, Height)), ("BMP", TestImages.Bmp(Width, Height)), ("HEIC", TestImages.Heic()), ("JPEG XL", TestImages.Jxl()),
            ("Photoshop", TestImages.Psd(Width, Height)), ("ICO", TestImages.Ico(Width, Height)), ("PPM", TestImages.Ppm(Width, Height)), ("QOI", TestImages.Qoi(Width, Height)),
        ];
    }

    private static int? Setting(string name) => int.TryParse(Environment.GetEnvironmentVariable(name), CultureInfo.InvariantCulture, out var value) ? value : null;

    private void Tell(IEnumerable<string> outcomes)
    {
        foreach (var outcome in outcomes.CountBy(one => one).OrderByDescending(one => one.Value))
            output.WriteLine($"{outcome.Value,6}  {outcome.Key}");
    }
}
