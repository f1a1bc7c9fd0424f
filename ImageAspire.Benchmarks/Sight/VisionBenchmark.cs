using System.Diagnostics;
using System.Globalization;
using ImageAspire.Benchmarks.Harness;

namespace ImageAspire.Benchmarks.Sight;

/// <summary>Speed and size of the published vision service, with and without text, beside another service with the same API.</summary>
internal static class VisionBenchmark
{
    public const string What = """
        the vision service (published): start, processor time, milliseconds and memory, without and with reading text; beside another service with the same API
        --photos DIR (JPEG files)  --images 20  --vision DIR (published; else it is published first)  --peer ADDRESS --peer-process ID (key in PEER_KEY)
        """;

    private const string Key = "a-key-for-benchmarks";
    private const string Seeing = "tags,objects,people,caption", Reading = Seeing + ",read";

    public static async Task<int> RunAsync(string[] args, CancellationToken cancellationToken)
    {
        var options = Options.Parse(args, "--photos", "--images", "--vision", "--peer", "--peer-process");
        var folder = options.Text("--photos") ?? throw new ArgumentException("--photos needs a folder with JPEG files.");
        var photos = Directory.EnumerateFiles(folder, "*.jpg").Order(StringComparer.Ordinal).Take(options.Number("--images", 20, 1, 1000)).ToList();
        using var temp = new TempFolder("vision");
        var program = await Published.ProjectAsync("ImageAspire.Vision", options.Text("--vision"), temp, cancellationToken);
        var port = ChildProcess.FreePort();
        var began = Stopwatch.GetTimestamp();
        await using var process = ChildProcess.Start(program.Executable, [], new Dictionary<string, string>
        {
            ["Vision__Key"] = Key, ["ASPNETCORE_URLS"] = $"http://127.0.0.1:{port}", ["Logging__LogLevel__Default"] = "Warning",
        });
        using var ours = new VisionPeer(new Uri($"http://127.0.0.1:{port}"), Key, process.Id);
        await ours.ReadyAsync(cancellationToken);
        var ready = Stopwatch.GetElapsedTime(began);
        using var theirs = options.Text("--peer") is { } peer
            ? new VisionPeer(new Uri(peer), Environment.GetEnvironmentVariable("PEER_KEY") ?? "", int.Parse(options.Text("--peer-process") ?? "0", CultureInfo.InvariantCulture)) : null;

        var report = new Report("vision", $"{photos.Count} photographs, one after the other", "ms", "processor ms", "peer ms", "peer processor ms");
        foreach (var (features, bar) in new[] { (Seeing, 0.5), (Reading, 0.8) })
        {
            await ours.AnalyzeAsync(photos[0], features, cancellationToken);
            var (one, other) = await InTurnsAsync(ours, theirs, photos, features, cancellationToken);
            report.Row(features, one.Median, one.Processor, other?.Median, other?.Processor);
            if (other is not null)
                report.Bar($"processor time beside the peer's, {features}", one.Processor / other.Processor, bar, atLeast: false);
        }

        report.Row("ready after its start, s", ready.TotalSeconds);
        report.Bar("ready after its start, s", ready.TotalSeconds, 2, atLeast: false);
        report.Bar("most MiB of the service and its decoders", ProcessTree.Of(process.Id).PeakMiB, 400, atLeast: false);
        report.Print(Console.Out);
        return 0;
    }

    // Photo by photo, because the machine's speed drifts.
    private static async Task<(VisionCost Ours, VisionCost? Theirs)> InTurnsAsync(VisionPeer ours, VisionPeer? theirs, List<string> photos, string features, CancellationToken cancellationToken)
    {
        List<VisionCost> one = [], other = [];
        foreach (var photo in photos)
        {
            one.Add(await ours.AnalyzeAsync(photo, features, cancellationToken));
            if (theirs is not null)
                other.Add(await theirs.AnalyzeAsync(photo, features, cancellationToken));
        }

        return (VisionCost.Of(one), theirs is null ? null : VisionCost.Of(other));
    }
}
