using ImageAspire.Core.Images;
using ImageAspire.Imaging;
using NetVips;
using static ImageAspire.Tests.Imaging.Colours;

namespace ImageAspire.Tests.Imaging;

/// <summary>Patches of known colours, in files of many kinds, against the thumbnails that are made of them: ΔE*ab (CIE 1976) is at most 3.</summary>
public sealed class ColourTests(ITestOutputHelper output)
{
    private const int Patch = 64, Across = 4;
    private const double Most = 3;

    // Of sRGB, 8 bits: greys, skins, leaves, sky, and saturated colours. None is lighter than 230, so that those with a high dynamic range are below what is compressed.
    private static readonly (string Name, byte[] Rgb)[] Patches =
    [
        ("black", [0, 0, 0]), ("dark grey", [52, 52, 52]), ("grey", [122, 122, 121]), ("light grey", [200, 200, 200]), ("dark skin", [115, 82, 68]), ("light skin", [194, 150, 130]),
        ("sky", [98, 122, 157]), ("leaves", [87, 108, 67]), ("orange", [214, 126, 44]), ("purple", [94, 60, 108]), ("red", [225, 10, 10]), ("green", [10, 220, 10]),
        ("blue", [10, 10, 225]), ("yellow", [228, 200, 16]), ("magenta", [187, 86, 149]), ("cyan", [8, 133, 161]),
    ];

    // Of ink, in fifths.
    private static readonly byte[][] Inks =
    [
        [0, 0, 0, 0], [0, 0, 0, 255], [0, 0, 0, 102], [51, 51, 51, 51], [0, 102, 102, 51], [51, 102, 153, 0], [102, 51, 0, 51], [153, 51, 204, 51],
        [0, 153, 255, 0], [153, 204, 0, 51], [0, 255, 255, 0], [255, 0, 255, 0], [255, 255, 0, 0], [0, 0, 255, 0], [0, 255, 0, 0], [255, 0, 0, 0],
    ];

    public static TheoryData<string> Kinds => [.. Files.Keys];

    private static Dictionary<string, Func<byte[]>> Files { get; } = new()
    {
        ["sRGB, PNG without a profile"] = () => Eight(Space.Srgb, Encode, null).PngsaveBuffer(),
        ["Display P3, JPEG"] = () => Jpeg(Eight(Space.DisplayP3, Encode, Decode)),
        ["Display P3, PNG of 16 bits"] = () => Sixteen(Space.DisplayP3, Encode, Decode).PngsaveBuffer(bitdepth: 16),
        ["Display P3, TIFF of 16 bits"] = () => Sixteen(Space.DisplayP3, Encode, Decode).TiffsaveBuffer(),
        ["Display P3, WebP"] = () => Eight(Space.DisplayP3, Encode, Decode).WebpsaveBuffer(lossless: true),
        ["Display P3, AVIF"] = () => Eight(Space.DisplayP3, Encode, Decode).HeifsaveBuffer(q: 95, compression: Enums.ForeignHeifCompression.Av1, effort: 0, subsampleMode: Enums.ForeignSubsample.Off),
        ["Adobe RGB (1998), JPEG"] = () => Jpeg(Eight(Space.AdobeRgb, light => Math.Pow(light, 1 / 2.19921875), value => Math.Pow(value, 2.19921875))),
        ["ProPhoto RGB, TIFF of 16 bits"] = () => Sixteen(Space.ProPhoto, light => Math.Pow(light, 1 / 1.8), value => Math.Pow(value, 1.8)).TiffsaveBuffer(),
        ["ProPhoto RGB, JPEG"] = () => Jpeg(Eight(Space.ProPhoto, light => Math.Pow(light, 1 / 1.8), value => Math.Pow(value, 1.8))),
        ["Display P3 without a profile, AVIF"] = () => Avif(light => [.. Space.DisplayP3.FromLinearSrgb(light).Select(Encode)], primaries: 12, transfer: 13),
        ["BT.2020, PQ, AVIF of 10 bits"] = () => Avif(light => [.. Space.Bt2020.FromLinearSrgb(light).Select(one => Pq(Math.Max(one, 0) * 203))], primaries: 9, transfer: 16),
        ["BT.2020, HLG, AVIF of 10 bits"] = () => Avif(light => Hlg([.. Space.Bt2020.FromLinearSrgb(light).Select(one => Math.Max(one, 0) * 203)]), primaries: 9, transfer: 18),
    };

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Thumbnail_OfKnownColours_HasThem(string kind) =>
        await CheckAsync(Files[kind](), [.. Patches.Select(patch => (patch.Name, patch.Rgb.Select(value => value / 255.0).ToArray()))]);

    [Fact]
    public async Task Thumbnail_CmykWithProfile_HasItsColours()
    {
        using var image = WithProfile(Image.NewFromMemory<byte>([.. Grid(i => Inks[i])], Patch * Across, Patch * Across, 4, Enums.BandFormat.Uchar).Copy(interpretation: Enums.Interpretation.Cmyk),
            IccProfiles.Cmyk(ink => Lab(Print(ink))));

        await CheckAsync(Jpeg(image), [.. Inks.Select(ink => (string.Join(' ', ink), Print([.. ink.Select(value => value / 255.0)])))]);
    }

    // As simple inks on grey paper would be: the profile says so, and nothing else could know. Black is black, so that it does not matter whether a printer's black is made to be one.
    private static double[] Print(double[] ink) => [0.93 * (1 - ink[0]) * (1 - ink[3]), 0.95 * (1 - ink[1]) * (1 - ink[3]), 0.9 * (1 - ink[2]) * (1 - ink[3])];

    private async Task CheckAsync(byte[] file, (string Name, double[] Srgb)[] wanted)
    {
        var decoder = new VipsImageDecoder(new ImagingOptions(), TimeProvider.System);
        using var content = new MemoryStream(file);
        var decoded = (await decoder.InspectAsync(content, ImageFormat.Sniff(file)!, default)).Decoded.ShouldNotBeNull();

        var differences = new List<(string Patch, double Difference)>();
        foreach (var type in (string[])["image/webp", "image/jpeg"])
        {
            var thumbnail = Decoded.From(decoded, type);
            differences.AddRange(wanted.Select((patch, i) => ($"{patch.Name}, {type}, {string.Join(' ', Average(thumbnail, i).Select(value => (int)Math.Round(value * 255)))}", Difference(patch.Srgb, Average(thumbnail, i)))));
        }

        output.WriteLine($"largest ΔE {differences.Max(one => one.Difference):0.00}");
        differences.Where(one => one.Difference > Most).ShouldBeEmpty();
    }

    private static double[] Average(Decoded image, int patch)
    {
        var sum = new double[3];
        for (var i = 0; i < Patch * Patch / 4; i++)
        {
            var pixel = image.At(patch % Across * Patch + Patch / 4 + i % (Patch / 2), patch / Across * Patch + Patch / 4 + i / (Patch / 2));
            for (var band = 0; band < 3; band++)
                sum[band] += pixel[band] / 255.0 / (Patch * Patch / 4);
        }

        return sum;
    }

    private static IEnumerable<T> Grid<T>(Func<int, T[]> patch)
    {
        for (var i = 0; i < Patch * Across * Patch * Across; i++)
        {
            foreach (var value in patch(i / (Patch * Across) / Patch * Across + i % (Patch * Across) / Patch))
                yield return value;
        }
    }

    private static double[] Light(int patch) => [.. Patches[patch].Rgb.Select(value => Decode(value / 255.0))];

    private static Image Eight(Space space, Func<double, double> encode, Func<double, double>? light) => Profiled(space, light,
        Image.NewFromMemory<byte>([.. Grid(i => space.FromLinearSrgb(Light(i)).Select(one => (byte)Math.Round(255 * encode(Math.Clamp(one, 0, 1)))).ToArray())], Patch * Across, Patch * Across, 3, Enums.BandFormat.Uchar)
            .Copy(interpretation: Enums.Interpretation.Srgb));

    private static Image Sixteen(Space space, Func<double, double> encode, Func<double, double> light) => Profiled(space, light, Deep(i => [.. space.FromLinearSrgb(Light(i)).Select(one => encode(Math.Clamp(one, 0, 1)))]));

    private static Image Deep(Func<int, double[]> patch) =>
        Image.NewFromMemory<ushort>([.. Grid(i => patch(i).Select(one => (ushort)Math.Round(65535 * one)).ToArray())], Patch * Across, Patch * Across, 3, Enums.BandFormat.Ushort)
            .Copy(interpretation: Enums.Interpretation.Rgb16);

    private static Image Profiled(Space space, Func<double, double>? light, Image image) => light is null ? image : WithProfile(image, IccProfiles.Rgb(space, light));

    private static Image WithProfile(Image image, byte[] profile) => image.Mutate(one => one.Set(GValue.BlobType, "icc-profile-data", profile));

    private static byte[] Jpeg(Image image) => image.JpegsaveBuffer(q: 100, subsampleMode: Enums.ForeignSubsample.Off);

    private static byte[] Avif(Func<double[], double[]> encode, byte primaries, byte transfer) => HeifFiles.WithColours(
        Deep(i => encode(Light(i))).HeifsaveBuffer(q: 95, bitdepth: 10, compression: Enums.ForeignHeifCompression.Av1, effort: 0, subsampleMode: Enums.ForeignSubsample.Off), primaries, transfer);
}
