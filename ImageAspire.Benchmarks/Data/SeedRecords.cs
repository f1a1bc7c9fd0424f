using System.Globalization;
using System.Security.Cryptography;
using ImageAspire.Core.Images;
using ImageAspire.Core.Lifecycle;

namespace ImageAspire.Benchmarks.Data;

/// <summary>
/// Records like those of a year of uploads: analysed, with colours, thumbnails and a caption, and with tags whose
/// frequencies fall like 1/rank (Zipf). Number n is the same record on every machine.
/// </summary>
internal sealed class SeedRecords
{
    private const int TagsEach = 7;
    private static readonly DateTimeOffset First = new(2025, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly string[] Heads = ["ba", "co", "du", "fe", "gi", "ha", "jo", "ku", "le", "mi", "no", "pu", "ra", "so", "tu", "ve", "wi", "za", "che", "sto"];
    private static readonly string[] Tails = ["bel", "cor", "dan", "fin", "gar", "hut", "jin", "kel", "lam", "mon", "nit", "per", "rus", "sel", "tor", "van", "wick", "xen", "yol", "zan", "ber", "dor", "fal", "gum", "lis"];
    private static readonly double[] Cumulative = ZipfSums(500);
    private readonly string _placeholder = "data:image/webp;base64," + Convert.ToBase64String(Enumerable.Range(0, 240).Select(i => (byte)(i * 37)).ToArray());

    /// <summary>500 made-up words; the first is on most records, the last on very few.</summary>
    public static IReadOnlyList<string> Vocabulary { get; } = [.. Enumerable.Range(0, 500).Select(i => Heads[i % 20] + Tails[(i / 20 + i) % 25])];

    /// <summary>Record number n and the event that goes with it.</summary>
    public Transition Number(int n)
    {
        var random = new Random(n);
        var at = First.AddMilliseconds(30_000L * n + random.Next(30_000));
        var id = Guid.CreateVersion7(at);
        var (width, height) = random.Next(3) == 0 ? (3024, 4032) : (4032, 3024);
        var tags = Tags(random);
        var cause = new Cause("seed", at, null);
        var digest = Convert.ToHexStringLower(SHA256.HashData(BitConverter.GetBytes(n)));
        var name = string.Create(CultureInfo.InvariantCulture, $"{(random.Next(4) == 0 ? tags[0] : "IMG")}_{n:D7}.jpg");
        var received = ImageLifecycle.Receive(id, name, ImageFormat.Jpeg, random.Next(300_000, 6_000_000), digest, digest[..32], cause);
        var inspected = ImageLifecycle.Inspect(received.After!, Inspection(random, at, width, height, digest), cause);
        return ImageLifecycle.Analyze(inspected.After!, Analysis(random, tags, at), cause) with { Before = null };
    }

    private Inspection Inspection(Random random, DateTimeOffset at, int width, int height, string digest) => new()
    {
        Width = width, Height = height, Orientation = 1, TakenAtLocal = at.AddHours(-random.Next(500)).DateTime,
        Camera = new CameraInfo("Example", "Camera " + random.Next(20), null, 1.8, 0.004, 100 * random.Next(1, 16), 5.7, false),
        Location = random.Next(2) == 0 ? new GeoLocation(random.Next(-60, 70) + 0.123456, random.Next(-180, 180) + 0.654321, 35) : null,
        Colors = new ImageColors(["#30402a", "#8a9a7b", "#d0d8c9", "#5b6b8c"], "#8a3b2a", 0.48, 0.21, 0.37, false),
        Placeholder = _placeholder, PerceptualHash = digest[32..48],
        Thumbnails =
        [
            Thumbnail(256, width, height, "image/webp", 9_000), Thumbnail(256, width, height, "image/jpeg", 14_000),
            Thumbnail(1024, width, height, "image/webp", 90_000), Thumbnail(1024, width, height, "image/jpeg", 160_000),
        ],
    };

    private static ThumbnailInfo Thumbnail(int size, int width, int height, string type, long bytes) =>
        new(size, width > height ? size : size * 3 / 4, width > height ? size * 3 / 4 : size, type, bytes);

    private static ImageAnalysis Analysis(Random random, List<string> tags, DateTimeOffset at) => new()
    {
        Provider = "seed", Model = "seed-1", AnalyzedAt = at, Caption = $"A {tags[0]} and a {tags[1]} beside a {tags[2]}",
        Tags = [.. tags.Select((tag, i) => new ImageTag(tag, Math.Round(0.98 - (i * 0.07), 2)))],
        Objects = [new DetectedObject(tags[0], 0.91, new BoundingBox(random.Next(1000), random.Next(1000), 800, 600))],
    };

    private static List<string> Tags(Random random)
    {
        var tags = new List<string>(TagsEach);
        while (tags.Count < TagsEach)
        {
            var found = Array.BinarySearch(Cumulative, random.NextDouble() * Cumulative[^1]);
            var tag = Vocabulary[Math.Min(found < 0 ? ~found : found, Vocabulary.Count - 1)];
            if (!tags.Contains(tag))
                tags.Add(tag);
        }

        return tags;
    }

    private static double[] ZipfSums(int count)
    {
        var sums = new double[count];
        for (var i = 0; i < count; i++)
            sums[i] = (i == 0 ? 0 : sums[i - 1]) + (1.0 / (i + 1));
        return sums;
    }
}
