using System.Text.Json;
using ImageAspire.Benchmarks.Harness;
using ImageAspire.Core.Images;
using ImageAspire.Imaging;
using ImageAspire.Vision.Models;
using ImageAspire.Vision.Objects;

namespace ImageAspire.Benchmarks.Sight;

/// <summary>What the vision service finds in photographs with known content (photos.json). A class counts once for each photo; those that a person could argue about are left out.</summary>
internal static class SightBenchmark
{
    public const string What = """
        how well the local vision service sees: precision and recall on photographs with known content, and thresholds cross-validated
        --photos DIR (made by Sight/fetch.sh)
        """;

    private const double LeastPrecision = 0.8, LeastRecall = 0.7;
    private const int Side = 1024, Splits = 200, Seed = 7;
    private static readonly float[] Candidates = [.. Enumerable.Range(24, 30).Select(percent => percent / 100f)];

    private sealed record Photo(string File, string[] Has, string[] Ignore);

    public static async Task<int> RunAsync(string[] args, CancellationToken cancellationToken)
    {
        var options = Options.Parse(args, "--photos");
        var folder = options.Text("--photos") ?? throw new ArgumentException("--photos needs the folder that Sight/fetch.sh fills.");
        var photos = JsonSerializer.Deserialize<Photo[]>(await File.ReadAllBytesAsync(Path.Combine(AppContext.BaseDirectory, "photos.json"), cancellationToken), JsonSerializerOptions.Web)!;
        using var detector = new ObjectDetector(new ModelFolder(Path.Combine(Published.RepositoryRoot(), "ImageAspire.Vision", "obj", "models")));
        var decoder = new VipsImageDecoder(new ImagingOptions(), TimeProvider.System);
        List<SightPhoto> looked = [];
        foreach (var photo in photos)
        {
            await using var file = File.OpenRead(Path.Combine(folder, photo.File));
            var format = ImageFormat.Sniff(await HeadAsync(file, cancellationToken))!;
            var image = await decoder.DecodePixelsAsync(file, format, Side, cancellationToken);
            if (Math.Min(image.Width, image.Height) < 50)
                continue; // smaller than the service takes
            looked.Add(new SightPhoto(photo.File.StartsWith("tuxpaint", StringComparison.Ordinal), photo.Has, photo.Ignore, detector.Look(image.Pixels, cancellationToken)));
        }

        Print(looked);
        return 0;
    }

    private static void Print(List<SightPhoto> photos)
    {
        var chosen = new SightCount(photos, Thresholds.Chosen);
        Console.WriteLine(SightTable.Of(photos, Thresholds.Chosen));
        Console.WriteLine(SightTable.OfThresholds(photos, Candidates));
        var validated = Validate(photos);
        var report = new Report("sight", $"{photos.Count} photographs", "precision", "recall");
        report.Row("thresholds as chosen", chosen.Precision, chosen.Recall);
        report.Row("thresholds chosen on one half, measured on the other", validated.Precision, validated.Recall);
        report.Bar("precision", chosen.Precision, LeastPrecision, atLeast: true);
        report.Bar("recall", chosen.Recall, LeastRecall, atLeast: true);
        report.Print(Console.Out);
    }

    // What to expect of photographs that the thresholds were not chosen on.
    private static SightCount Validate(List<SightPhoto> photos)
    {
        var random = new Random(Seed);
        var sum = new SightCount([], Thresholds.Chosen);
        for (var split = 0; split < Splits; split++)
        {
            var shuffled = photos.ToArray();
            random.Shuffle(shuffled);
            var (one, other) = (shuffled[..(shuffled.Length / 2)], shuffled[(shuffled.Length / 2)..]);
            sum += new SightCount(other, Best(one)) + new SightCount(one, Best(other));
        }

        return sum;
    }

    private static Thresholds Best(IReadOnlyList<SightPhoto> photos) => Candidates
        .Select(least => (Thresholds: Thresholds.Chosen with { Class = least }, Count: new SightCount(photos, Thresholds.Chosen with { Class = least })))
        .OrderByDescending(one => Math.Min(one.Count.Precision, LeastPrecision)).ThenByDescending(one => one.Count.Recall).First().Thresholds;

    private static async Task<byte[]> HeadAsync(Stream file, CancellationToken cancellationToken)
    {
        var head = new byte[ImageFormat.SniffLength];
        var read = await file.ReadAtLeastAsync(head, head.Length, throwOnEndOfStream: false, cancellationToken);
        file.Position = 0;
        return head[..read];
    }
}
