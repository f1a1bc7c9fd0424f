using ImageAspire.Benchmarks.Harness;
using ImageAspire.Core.Images;
using ImageAspire.Imaging.Vips;

namespace ImageAspire.Benchmarks;

/// <summary>Everything that the Worker makes of one file of any format: time and memory of a child process.</summary>
internal static class DecodeBenchmark
{
    public const string What = """
        everything that the Worker makes of a file of any format, in a child process as it does: time, and the most memory that the child had
        --image FILE  --images 10
        """;

    private const double MaxMilliseconds = 1000, MaxMiB = 400;

    public static async Task<int> RunAsync(string[] args, CancellationToken cancellationToken)
    {
        var options = Options.Parse(args, "--image", "--images");
        var file = await File.ReadAllBytesAsync(options.Text("--image") ?? throw new ArgumentException("--image needs a file."), cancellationToken);
        var format = ImageFormat.Sniff(file) ?? throw new ArgumentException("The file has none of the accepted formats.");
        var images = options.Number("--images", 10, 1, 10_000);
        using var decoders = new ThumbnailDecoders(atOnce: 1);
        List<double> all = [];
        for (var i = 0; i <= images; i++)
        {
            using var content = new MemoryStream(file);
            var start = TimeProvider.System.GetTimestamp();
            await decoders.Decoder.InspectAsync(content, format, cancellationToken);
            all.Add(TimeProvider.System.GetElapsedTime(start).TotalMilliseconds);
        }

        var report = new Report("decode", $"{format.Label}, {file.Length / 1024} KiB", "median ms", "slowest ms", "first ms");
        report.Setting("library", VipsLibrary.Description ?? "none");
        // The first includes the start of the process.
        var whole = new Samples(all.Skip(1));
        report.Row("everything", whole.Median, whole.Max, all[0]);
        report.Figure("peakMiB", decoders.MostMemoryOfOne / (1024.0 * 1024));
        report.Bar("milliseconds of an image", whole.Median, MaxMilliseconds, atLeast: false);
        report.Bar("MiB of a child at most", decoders.MostMemoryOfOne / (1024.0 * 1024), MaxMiB, atLeast: false);
        report.Print(Console.Out);
        return 0;
    }
}
