using System.Globalization;
using System.Text.Json;
using ImageAspire.Benchmarks.Harness;
using ImageAspire.Imaging;

namespace ImageAspire.Benchmarks;

/// <summary>sharp, Node's libvips: the same thumbnails with the same encoder settings, in one warm process.</summary>
internal sealed class ThumbnailPeer
{
    private const string Version = "0.35.5";

    private const string Script = """
        const [, , sharpFolder, image, images, atOnce, effort, output] = process.argv;
        const sharp = require(sharpFolder);
        sharp.concurrency(1); // threads inside one image: as ours
        sharp.cache(false);
        const webp = { quality: 80, effort: +effort };
        const box = side => ({ width: side, height: side, fit: 'inside', withoutEnlargement: true });
        const separate = () => Promise.all([
          sharp(image, { failOn: 'error' }).autoOrient().resize(box(1024)).webp(webp).toBuffer(),
          sharp(image, { failOn: 'error' }).autoOrient().resize(box(256)).webp(webp).toBuffer()]);
        const shared = async () => {
          const { data, info: raw } = await sharp(image, { failOn: 'error' }).autoOrient().resize(box(1024)).raw().toBuffer({ resolveWithObject: true });
          await sharp(data, { raw }).webp(webp).toBuffer();
          await sharp(data, { raw }).resize(box(256)).webp(webp).toBuffer();
        };
        const repeat = async (count, one) => {
          let left = count;
          const start = process.hrtime.bigint(), cpu = process.cpuUsage();
          await Promise.all(Array.from({ length: +atOnce }, async () => { while (left-- > 0) await one(); }));
          const used = process.cpuUsage(cpu);
          return [Number(process.hrtime.bigint() - start) / 1e6 / count, (used.user + used.system) / 1e3 / count];
        };
        (async () => {
          await repeat(2 * atOnce, separate);
          await repeat(2 * atOnce, shared);
          const result = { separate: await repeat(+images, separate), shared: await repeat(+images, shared) };
          require('fs').writeFileSync(output, JSON.stringify(result));
        })().catch(error => { console.error(error); process.exit(1); });
        """;

    private readonly string _folder;

    /// <summary>What one image costs.</summary>
    /// <param name="Wall">Milliseconds by the clock; with several at once, their time divided by how many were done.</param>
    /// <param name="Cpu">Milliseconds of processor time, which another load on the machine changes little.</param>
    public readonly record struct Cost(double Wall, double Cpu);

    private ThumbnailPeer(string folder) => _folder = folder;

    /// <summary>Installs it unless it is there; null, with the reason on the error output, where it cannot be had.</summary>
    public static async Task<ThumbnailPeer?> PrepareAsync(string? installed, CancellationToken cancellationToken)
    {
        try
        {
            return new ThumbnailPeer(installed ?? await InstallAsync(cancellationToken));
        }
        catch (Exception error) when (error is InvalidOperationException or System.ComponentModel.Win32Exception)
        {
            await Console.Error.WriteLineAsync($"sharp is left out: {error.Message}");
            return null;
        }
    }

    /// <summary>Milliseconds an image: two pipelines that each decode, and one decode that both thumbnails are made from.</summary>
    public async Task<(Cost Separate, Cost Shared)> RunAsync(string image, int images, int atOnce, TempFolder temp, CancellationToken cancellationToken)
    {
        var (script, output) = (temp.Of("sharp.cjs"), temp.Of("sharp.json"));
        await File.WriteAllTextAsync(script, Script, cancellationToken);
        await ChildProcess.RunAsync("node",
            [script, Path.Combine(_folder, "node_modules", "sharp"), image, images.ToString(CultureInfo.InvariantCulture), atOnce.ToString(CultureInfo.InvariantCulture),
                ImageDerivatives.WebpEffort.ToString(CultureInfo.InvariantCulture), output],
            temp.Path, cancellationToken);
        using var result = JsonDocument.Parse(await File.ReadAllBytesAsync(output, cancellationToken));
        return (Read("separate"), Read("shared"));

        Cost Read(string name) => new(result.RootElement.GetProperty(name)[0].GetDouble(), result.RootElement.GetProperty(name)[1].GetDouble());
    }

    // Kept for the next run: the name has the version, and nothing else is ever put there.
    private static async Task<string> InstallAsync(CancellationToken cancellationToken)
    {
        var folder = Path.Combine(Path.GetTempPath(), $"imageaspire-sharp-{Version}");
        if (File.Exists(Path.Combine(folder, "installed")))
            return folder;
        await Console.Error.WriteLineAsync($"installing sharp {Version} from npm into '{folder}' …");
        Directory.CreateDirectory(folder);
        await File.WriteAllTextAsync(Path.Combine(folder, "package.json"), "{\"private\":true}", cancellationToken);
        await ChildProcess.RunAsync(OperatingSystem.IsWindows() ? "npm.cmd" : "npm",
            ["install", $"sharp@{Version}", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"], folder, cancellationToken);
        await File.WriteAllTextAsync(Path.Combine(folder, "installed"), "", cancellationToken);
        return folder;
    }
}
