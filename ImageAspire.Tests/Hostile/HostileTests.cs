using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using ImageAspire.Core.Images;
using ImageAspire.Core.Ports;
using ImageAspire.Imaging;

namespace ImageAspire.Tests.Hostile;

/// <summary>Files made to hurt, through two child processes: each comes out as an image or is refused, and the pool goes on.</summary>
[Trait("Category", "Slow")]
public sealed class HostileTests(ITestOutputHelper output)
{
    private static int Mutations => Setting("IMAGEASPIRE_TEST_MUTATIONS") ?? 2_000; // and 10,000 every night

    private static readonly string[] Codes =
    [
        FailureCodes.Corrupt, FailureCodes.Truncated, FailureCodes.NoPixels, FailureCodes.TooManyPixels, FailureCodes.UnsupportedVariant,
        FailureCodes.DecoderCrashed, FailureCodes.DecoderLimit,
    ];

    [Fact]
    public async Task Corpus_EveryFile_IsDecodedOrRefused()
    {
        using var decoders = new Decoders(TestProgram.Decoder);
        var outcomes = new ConcurrentBag<(string Outcome, string Name, double Seconds)>();

        await Parallel.ForEachAsync(HostileCorpus.All(), new ParallelOptions { MaxDegreeOfParallelism = 2 }, async (file, _) =>
        {
            var began = Stopwatch.GetTimestamp();
            var outcome = await OutcomeAsync(decoders, file.Bytes, file.Format, file.Name);
            if (file.Code is not null)
                outcome.ShouldBe(file.Code, file.Name);
            outcomes.Add((outcome, file.Name, Stopwatch.GetElapsedTime(began).TotalSeconds));
        });

        Tell(outcomes.Select(one => one.Outcome));
        foreach (var (outcome, name, seconds) in outcomes.OrderByDescending(one => one.Seconds).Take(12))
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{seconds:0.00} s  {outcome}  {name}"));
        foreach (var (outcome, name, _) in outcomes.Where(one => one.Outcome.StartsWith("decoder-", StringComparison.Ordinal)))
            output.WriteLine($"{outcome}  {name}");
        (await decoders.InspectAsync(TestImages.Png())).Decoded.ShouldNotBeNull();
    }

    [Fact]
    public async Task Corpus_AsAnotherFormat_IsDecodedOrRefused()
    {
        using var decoders = new Decoders(TestProgram.Decoder);

        foreach (var (name, file) in ValidImages.All())
        {
            foreach (var format in ImageFormat.All)
                await OutcomeAsync(decoders, file, format, $"{name} as {format.Name}");
        }
    }

    /// <summary>Another seed each time; IMAGEASPIRE_TEST_SEED repeats one, IMAGEASPIRE_TEST_MUTATIONS makes more or fewer, IMAGEASPIRE_TEST_MUTATED only of some files, by their names.</summary>
    [Fact]
    public async Task Mutations_OfValidImages_AreDecodedOrRefused()
    {
        var seed = Setting("IMAGEASPIRE_TEST_SEED") ?? Random.Shared.Next(1_000_000) * 1000;
        var names = Environment.GetEnvironmentVariable("IMAGEASPIRE_TEST_MUTATED")?.Split(',');
        output.WriteLine($"IMAGEASPIRE_TEST_SEED={seed}");
        using var decoders = new Decoders(TestProgram.Decoder);
        var valid = ValidImages.All().Where(one => names is null || names.Contains(one.Name)).ToList();
        var outcomes = new ConcurrentDictionary<string, int>();

        await Parallel.ForAsync(0, Mutations, new ParallelOptions { MaxDegreeOfParallelism = 2 }, async (i, _) =>
        {
            var (name, file) = Mutation.Of(valid, unchecked(seed + i));
            var outcome = await OutcomeAsync(decoders, file, ImageFormat.Sniff(file)!, $"IMAGEASPIRE_TEST_SEED={seed}, mutation {i}");
            outcomes.AddOrUpdate(outcome, 1, (_, count) => count + 1);
            if (outcome.StartsWith("decoder-", StringComparison.Ordinal))
                output.WriteLine($"{outcome}: {name}, mutation {i}");
        });

        foreach (var (outcome, count) in outcomes.OrderByDescending(one => one.Value))
            output.WriteLine($"{count,6}  {outcome}");
        outcomes.Values.Sum().ShouldBe(Mutations);
        outcomes.ShouldContainKey("decoded"); // else it would be the decoder that is broken
        decoders.Pool.Idle.Count.ShouldBeInRange(0, 2);
        (await decoders.InspectAsync(TestImages.Png())).Decoded.ShouldNotBeNull();
    }

    private static int? Setting(string name) => int.TryParse(Environment.GetEnvironmentVariable(name), CultureInfo.InvariantCulture, out var value) ? value : null;

    private void Tell(IEnumerable<string> outcomes)
    {
        foreach (var outcome in outcomes.CountBy(one => one).OrderByDescending(one => one.Value))
            output.WriteLine($"{outcome.Value,6}  {outcome.Key}");
    }

    private static async Task<string> OutcomeAsync(Decoders decoders, byte[] file, ImageFormat format, string what)
    {
        try
        {
            var (header, rendered) = await decoders.InspectAsync(file, format);
            (header.Width >= 1 && header.Height >= 1 && (long)header.Width * header.Height <= new ImagingOptions().MaxPixels).ShouldBeTrue(what);
            rendered.ShouldNotBeNull(what).Thumbnails.Count.ShouldBeOneOf([4, 6], what);
            return "decoded";
        }
        catch (UnusableImageException error)
        {
            error.Code.ShouldBeOneOf(Codes, what);
            error.Message.Length.ShouldBeInRange(10, 600, what);
            return error.Code;
        }
        catch (Exception error) when (error is not ShouldAssertException)
        {
            throw new InvalidOperationException($"{what}: {error.Message}", error);
        }
    }
}
