using ImageAspire.Benchmarks.Harness;
using ImageAspire.Core.Images;
using ImageAspire.Core.Ports;
using ImageAspire.Imaging;
using ImageAspire.Imaging.Vips;

namespace ImageAspire.Benchmarks;

/// <summary>Two WebP thumbnails of a large image, beside sharp; and everything that the Worker makes of it.</summary>
internal static class ThumbnailBenchmark
{
    public const string What = """
        256 and 1024 px WebP of a 12-megapixel JPEG, beside sharp from npm (same encoder settings, one process, warm), and
        everything that the Worker makes of it, in this process beside child processes
        --images 24 (a round)  --rounds 3  --sharp DIR (whose node_modules holds it, or none)
        """;

    private const int Width = 4000, Height = 3000;

    public static async Task<int> RunAsync(string[] args, CancellationToken cancellationToken)
    {
        var options = Options.Parse(args, "--images", "--rounds", "--sharp");
        var images = options.Number("--images", 24, 2, 10_000);
        var rounds = options.Number("--rounds", 3, 1, 100);
        var library = VipsLibrary.Description ?? throw new InvalidOperationException($"There is no libvips: {ImagingExtensions.InstallCommand}.");
        var here = new VipsImageDecoder(new ImagingOptions(), TimeProvider.System);
        using var temp = new TempFolder("thumbnails");
        var image = temp.Of("image.jpg");
        await File.WriteAllBytesAsync(image, SyntheticImage.Make(Width, Height), cancellationToken);
        var sharp = options.Text("--sharp") == "none" ? null : await ThumbnailPeer.PrepareAsync(options.Text("--sharp"), cancellationToken);

        var report = new Report("thumbnails", "256 + 1024 px WebP of 12 megapixels", "at once", "ms an image", "CPU ms", "images/s");
        report.Setting("images", images);
        report.Setting("rounds", rounds);
        report.Setting("jpegBytes", new FileInfo(image).Length);
        report.Setting("webpEffort", ImageDerivatives.WebpEffort);
        report.Setting("library", library);
        foreach (var atOnce in new[] { 1, Environment.ProcessorCount }.Distinct())
        {
            List<ThumbnailPeer.Cost> ours = [], all = [], isolated = [], separate = [], shared = [];
            using var decoders = new ThumbnailDecoders(atOnce);
            await RepeatAsync(atOnce, atOnce * 2, () => TwoThumbnails(image, cancellationToken)); // warm
            await RepeatAsync(atOnce, atOnce * 8, () => Everything(decoders.Decoder, image, cancellationToken)); // both processes of each pair
            await RepeatAsync(atOnce, atOnce * 8, () => Everything(here, image, cancellationToken));
            for (var round = 0; round < rounds; round++)
            {
                // Taking turns, so that another load on the machine meets all of them.
                ours.Add(await RepeatAsync(atOnce, images, () => TwoThumbnails(image, cancellationToken)));
                // Which of the two comes first changes, so that a machine that gets slower or faster favours neither.
                if (round % 2 == 0)
                    all.Add(await RepeatAsync(atOnce, images, () => Everything(here, image, cancellationToken)));
                isolated.Add(await decoders.MeasureAsync(images, () => RepeatAsync(atOnce, images, () => Everything(decoders.Decoder, image, cancellationToken))));
                if (round % 2 == 1)
                    all.Add(await RepeatAsync(atOnce, images, () => Everything(here, image, cancellationToken)));
                if (sharp is null)
                    continue;
                var peer = await sharp.RunAsync(image, images, atOnce, temp, cancellationToken);
                separate.Add(peer.Separate);
                shared.Add(peer.Shared);
            }

            var best = Add(report, "ImageAspire", "ours", ours, atOnce);
            var inside = Add(report, "ImageAspire, all: + 2 JPEG, colours, hash, placeholder", "everything", all, atOnce);
            var outside = Add(report, "the same in child processes, as the Worker does", "isolated", isolated, atOnce);
            report.Figure($"isolatedMiB{atOnce}", decoders.MemoryOfOne / (1024.0 * 1024));
            report.Bar($"time in child processes against in this one, {atOnce} at once", outside.Wall / inside.Wall, 1.1, atLeast: false);
            report.Bar($"processor time in child processes against in this one, {atOnce} at once", outside.Cpu / inside.Cpu, 1.1, atLeast: false);
            if (sharp is null)
                continue;
            ThumbnailPeer.Cost twice = Add(report, "sharp, two pipelines", "sharpSeparate", separate, atOnce), once = Add(report, "sharp, one decode for both", "sharpShared", shared, atOnce);
            report.Bar($"speed against the faster sharp, {atOnce} at once", Math.Min(twice.Wall, once.Wall) / best.Wall, 0.9, atLeast: true);
            report.Bar($"processor time against the thriftier sharp, {atOnce} at once", Math.Min(twice.Cpu, once.Cpu) / best.Cpu, 0.9, atLeast: true);
        }

        if (sharp is null)
            report.Note("sharp is left out.");
        report.Print(Console.Out);
        return 0;
    }

    private static ThumbnailPeer.Cost Add(Report report, string name, string key, List<ThumbnailPeer.Cost> costs, int atOnce)
    {
        var median = new ThumbnailPeer.Cost(new Samples(costs.Select(c => c.Wall)).Median, new Samples(costs.Select(c => c.Cpu)).Median);
        report.Row(name, atOnce, median.Wall, median.Cpu, 1000 / median.Wall);
        report.Figure($"{key}Ms{atOnce}", median.Wall);
        report.Figure($"{key}CpuMs{atOnce}", median.Cpu);
        return median;
    }

    private static async Task<ThumbnailPeer.Cost> RepeatAsync(int atOnce, int images, Func<Task> one)
    {
        var left = images;
        var start = TimeProvider.System.GetTimestamp();
        var cpu = Environment.CpuUsage.TotalTime;
        await Task.WhenAll(Enumerable.Range(0, atOnce).Select(_ => Task.Run(async () =>
        {
            while (Interlocked.Decrement(ref left) >= 0)
                await one();
        })));
        return new(TimeProvider.System.GetElapsedTime(start).TotalMilliseconds / images, (Environment.CpuUsage.TotalTime - cpu).TotalMilliseconds / images);
    }

    private static Task TwoThumbnails(string image, CancellationToken cancellationToken)
    {
        var header = new ImageHeader { Format = ImageFormat.Jpeg, Width = Width, Height = Height };
        using var stream = File.OpenRead(image);
        using var source = new StreamSource(stream, cancellationToken);
        using var large = ShrinkOnLoad.Decode(source, header, ImageDerivatives.LargeSide, cancellationToken);
        using var small = large.Shrink(ImageDerivatives.SmallSide);
        ImageDerivatives.EncodeWebp(large, 80);
        ImageDerivatives.EncodeWebp(small, 80);
        return Task.CompletedTask;
    }

    private static async Task Everything(IImageDecoder decoder, string image, CancellationToken cancellationToken)
    {
        await using var stream = File.OpenRead(image);
        await decoder.InspectAsync(stream, ImageFormat.Jpeg, cancellationToken);
    }
}
