using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using ImageAspire.Core.Images;
using ImageAspire.Imaging;
using ImageAspire.Tests.Requirements;

namespace ImageAspire.Tests.Imaging;

/// <summary>
/// Metadata as exiftool reads them: of files that exiftool has written, of the small cases, and of the files in the folder IMAGEASPIRE_TEST_PHOTOS. Which of
/// several dates counts is ours to say ([formats.md](docs/formats.md)); what each of them says is not.
/// </summary>
public sealed partial class ExiftoolTests(ITestOutputHelper output) : IDisposable
{
    private static readonly string[] Tags =
    [
        "-DateTimeOriginal", "-CreateDate", "-DateCreated", "-TimeCreated", "-OffsetTimeOriginal", "-OffsetTimeDigitized", "-SubSecTimeOriginal", "-SubSecTimeDigitized", "-GPSDateStamp", "-GPSTimeStamp",
        "-Composite:GPSLatitude", "-Composite:GPSLongitude", "-XMP-exif:GPSLatitude", "-XMP-exif:GPSLongitude", "-Subject", "-Keywords", "-Rating",
    ];

    // What exiftool writes into a copy of every format.
    private static readonly Dictionary<string, string[]> Written = new()
    {
        ["exif"] = ["-EXIF:DateTimeOriginal=2021:06:07 08:09:10", "-EXIF:OffsetTimeOriginal=-03:30", "-EXIF:SubSecTimeOriginal=25", "-GPSLatitude=33.85", "-GPSLatitudeRef=S", "-GPSLongitude=151.2", "-GPSLongitudeRef=E", "-IFD0:Rating=3"],
        ["digitized"] = ["-EXIF:CreateDate=2015:03:04 05:06:07", "-EXIF:OffsetTimeDigitized=+05:45"],
        ["xmp"] = ["-XMP-exif:DateTimeOriginal=2020:02:29 23:59:58.5+02:00", "-XMP-exif:GPSLatitude=48.858", "-XMP-exif:GPSLongitude=-2.2945", "-XMP-xmp:Rating=5", "-XMP-dc:Subject=Reykjavík", "-XMP-dc:Subject=17", "-XMP-dc:Subject=two words"],
        ["photoshop"] = ["-XMP-photoshop:DateCreated=2018:01:02", "-XMP-xmp:Rating=-1"],
        ["iptc"] = ["-IPTC:DateCreated=2019:02:03", "-IPTC:TimeCreated=04:05:06+01:00", "-IPTC:Keywords=harbour", "-IPTC:Keywords=night", "-codedcharacterset=utf8"],
        ["both"] = ["-XMP-dc:Subject=harbour", "-IPTC:Keywords=harbour", "-IPTC:Keywords=sea", "-XMP-xmp:CreateDate=2022:03:04 05:06:07Z", "-XMP-xmp:Rating=0"],
        ["gps"] = ["-GPSDateStamp=2017:08:09", "-GPSTimeStamp=10:11:12", "-GPSLatitude=0.0001", "-GPSLatitudeRef=N", "-GPSLongitude=179.9999", "-GPSLongitudeRef=W"],
    };

    private readonly TempFolder _folder = new();

    [Fact]
    public async Task Metadata_OfManyFiles_AreThoseOfExiftool()
    {
        var exiftool = Requires.Program("EXIFTOOL", "exiftool", "libimage-exiftool-perl");
        foreach (var (name, tags) in Written)
        {
            var files = Formats().Select(one => (Path: Path.Combine(_folder.Root, $"{name}.{one.Extension}"), one.Bytes)).ToList();
            files.ForEach(one => File.WriteAllBytes(one.Path, one.Bytes));
            // Not every format has every kind of metadata: what is read afterwards counts.
            await RunAsync(exiftool, [.. tags, "-m", "-q", "-q", "-overwrite_original", .. files.Select(one => one.Path)]);
        }

        string?[] folders = [_folder.Root, Path.Combine(AppContext.BaseDirectory, "Imaging", "Cases"), Environment.GetEnvironmentVariable("IMAGEASPIRE_TEST_PHOTOS")];
        var (agree, differ) = (new Dictionary<string, int>(), new List<string>());
        foreach (var file in folders.OfType<string>().SelectMany(folder => JsonSerializer.Deserialize<Dictionary<string, JsonElement>[]>(RunAsync(exiftool, ["-j", "-n", "-G1", "-q", .. Tags, folder]).GetAwaiter().GetResult())!))
            await CompareAsync(file, agree, differ);

        output.WriteLine(string.Join(Environment.NewLine, agree.Select(one => $"{one.Value,5} agree: {one.Key}").Concat(differ)));
        agree.Keys.ShouldBe(["date", "offset", "place", "keywords", "rating"], ignoreOrder: true);
        differ.ShouldBeEmpty();
    }

    public void Dispose() => _folder.Dispose();

    private static IEnumerable<(string Extension, byte[] Bytes)> Formats() =>
    [
        ("jpg", TestImages.Jpeg()), ("png", TestImages.Png()), ("webp", TestImages.Webp()), ("tif", TestImages.Tiff()), ("gif", TestImages.Gif()), ("heic", TestImages.Heic()), ("avif", TestImages.Avif()), ("jxl", TestImages.Jxl()),
        ("jp2", TestImages.Jp2()), ("psd", TestImages.Psd()), .. RawWriter.Kinds.Select(kind => (kind.Key, kind.Value(new(TestImages.Jpeg(), Taken: "0000:00:00 00:00:00", Offset: "")))),
    ];

    private async Task CompareAsync(Dictionary<string, JsonElement> file, Dictionary<string, int> agree, List<string> differ)
    {
        var path = file["SourceFile"].GetString()!;
        var bytes = await File.ReadAllBytesAsync(path);
        if (ImageFormat.Sniff(bytes) is not { } format)
            return;
        using var content = new MemoryStream(bytes);
        var header = (await new VipsImageDecoder(new ImagingOptions(), TimeProvider.System).InspectAsync(content, format, default)).Header;
        var (local, offset) = Taken(file);
        Compare("date", local, header.TakenAtLocal);
        Compare("offset", offset, header.TakenAt?.Offset);
        Compare("place", Place(file), header.Location is { } at ? (Math.Round(at.Latitude, 4), Math.Round(at.Longitude, 4)) : ((double, double)?)null);
        Compare("keywords", Joined([.. Texts(file, "XMP-dc:Subject"), .. Texts(file, "IPTC:Keywords")]), Joined(header.Metadata?.Keywords ?? []));
        Compare("rating", Rating(file, "XMP-xmp:Rating") ?? Rating(file, "IFD0:Rating"), header.Metadata?.Rating);

        void Compare<T>(string what, T? theirs, T? ours)
        {
            if (!EqualityComparer<T?>.Default.Equals(theirs, ours))
                differ.Add($"{Path.GetFileName(path)}: {what} is {theirs?.ToString() ?? "nothing"} for exiftool, {ours?.ToString() ?? "nothing"} here");
            else if (theirs is not null)
                agree[what] = agree.GetValueOrDefault(what) + 1;
        }
    }

    private static (DateTime? Local, TimeSpan? Offset) Taken(Dictionary<string, JsonElement> file)
    {
        string Text(string tag) => Texts(file, tag).FirstOrDefault() ?? "";
        string[] candidates =
        [
            $"{Text("ExifIFD:DateTimeOriginal")}{Fraction(Text("ExifIFD:SubSecTimeOriginal"))}{Text("ExifIFD:OffsetTimeOriginal").Trim()}",
            $"{Text("ExifIFD:CreateDate")}{Fraction(Text("ExifIFD:SubSecTimeDigitized"))}{Text("ExifIFD:OffsetTimeDigitized").Trim()}",
            Text("XMP-exif:DateTimeOriginal"), Text("XMP-photoshop:DateCreated"), $"{Text("IPTC:DateCreated")} {Text("IPTC:TimeCreated")}", $"{Text("GPS:GPSDateStamp")} {Text("GPS:GPSTimeStamp")}Z", Text("XMP-xmp:CreateDate"),
        ];
        foreach (var match in candidates.Select(one => Date().Match(one.Trim())).Where(one => one.Success && int.Parse(one.Groups[1].Value, CultureInfo.InvariantCulture) > 0))
        {
            int At(int group) => int.TryParse(match.Groups[group].Value, CultureInfo.InvariantCulture, out var value) ? value : 0;
            var local = new DateTime(At(1), At(2), At(3), At(4), At(5), At(6)).AddSeconds(match.Groups[7].Success ? double.Parse(match.Groups[7].Value, CultureInfo.InvariantCulture) : 0);
            var zone = match.Groups[8].Value;
            return (local, zone is "" ? null : zone is "Z" ? TimeSpan.Zero : TimeSpan.ParseExact(zone[1..], @"hh\:mm", CultureInfo.InvariantCulture) * (zone[0] == '-' ? -1 : 1));
        }

        return (null, null);
    }

    private static string Fraction(string digits) => digits.Length > 0 ? $".{digits}" : "";

    private static (double, double)? Place(Dictionary<string, JsonElement> file) => Place(file, "Composite") ?? Place(file, "XMP-exif");

    private static (double, double)? Place(Dictionary<string, JsonElement> file, string group) =>
        file.TryGetValue($"{group}:GPSLatitude", out var north) && file.TryGetValue($"{group}:GPSLongitude", out var east) && north.ValueKind == JsonValueKind.Number && east.ValueKind == JsonValueKind.Number
        && (north.GetDouble(), east.GetDouble()) is not (0, 0) and var (latitude, longitude) ? (Math.Round(latitude, 4), Math.Round(longitude, 4)) : null;

    // 0 is not rated, −1 is rejected.
    private static int? Rating(Dictionary<string, JsonElement> file, string tag) => file.TryGetValue(tag, out var value) && value.TryGetInt32(out var rating) && rating is >= 1 and <= 5 ? rating : null;

    private static string? Joined(IReadOnlyList<string> words) => words.Count == 0 ? null : string.Join(", ", words.Distinct().Order(StringComparer.Ordinal));

    private static IEnumerable<string> Texts(Dictionary<string, JsonElement> file, string tag) => !file.TryGetValue(tag, out var value) ? []
        : value.ValueKind == JsonValueKind.Array ? value.EnumerateArray().Select(one => one.ToString()) : [value.ToString()];

    private static async Task<string> RunAsync(string program, IEnumerable<string> arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var errors = process.StandardError.ReadToEndAsync();
        var text = await process.StandardOutput.ReadToEndAsync();
        await errors;
        await process.WaitForExitAsync();
        return text;
    }

    [GeneratedRegex(@"^(\d{4})\D(\d\d)\D(\d\d)(?:[ T](\d\d):(\d\d)(?::(\d\d)(\.\d+)?)?)? ?(Z|[+-]\d\d:\d\d)?$")]
    private static partial Regex Date();
}
