using ImageAspire.Core.Images;
using ImageAspire.Tests.Imaging;
using ImageAspire.Tests.Requirements;

namespace ImageAspire.Tests.Core;

/// <summary>What is written by hand about formats agrees with the one table of them.</summary>
public sealed class FormatListTests
{
    private const string Gallery = "ImageAspire.Api/wwwroot";

    public static TheoryData<string> Names => [.. ImageFormat.All.Select(format => format.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Gallery_NamesEveryFormat(string name) =>
        Line($"{Gallery}/index.html", "class=\"hint\"").ShouldContain(Of(name).Label);

    [Theory]
    [MemberData(nameof(Names))]
    public void Gallery_TakesEveryExtensionFromFolders(string name)
    {
        var line = Line($"{Gallery}/js/uploads/sources.js", "const PICTURE");
        var pattern = new System.Text.RegularExpressions.Regex(line[(line.IndexOf('/') + 1)..line.LastIndexOf('/')], System.Text.RegularExpressions.RegexOptions.IgnoreCase);

        foreach (var extension in Of(name).Extensions)
            pattern.IsMatch($"photo.{extension}").ShouldBeTrue(extension);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Gallery_ZoomsIntoTheOriginalWhereBrowsersShowIt(string name) =>
        Line($"{Gallery}/js/details/preview.js", "const SHOWN").Contains($"'{Of(name).ContentType}'", StringComparison.Ordinal).ShouldBe(Of(name).IsShownByBrowsers);

    // Browsers know the media types of the others.
    [Theory]
    [MemberData(nameof(Names))]
    public void Gallery_OffersFilesThatBrowsersDoNotKnow(string name)
    {
        var format = Of(name);
        if (!format.IsShownByBrowsers && format != ImageFormat.Tiff)
            Line($"{Gallery}/index.html", "accept=").ShouldContain($".{format.Extensions[0]}");
        foreach (var raw in format == ImageFormat.Tiff ? RawWriter.Kinds.Keys : [])
            Line($"{Gallery}/index.html", "accept=").ShouldContain($".{raw}");
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Documents_NameEveryFormat(string name)
    {
        var format = Of(name);
        File.ReadAllText(Path.Combine(Repository.Root, "README.md")).ShouldContain(format.Label);
        var firstTable = File.ReadLines(Path.Combine(Repository.Root, "docs", "formats.md")).TakeWhile(line => !line.StartsWith("## ", StringComparison.Ordinal));
        var row = firstTable.Single(line => line.StartsWith($"| {format.Label}", StringComparison.Ordinal) && !line.StartsWith($"| {format.Label} 2000", StringComparison.Ordinal)
            && !line.StartsWith($"| {format.Label} XL", StringComparison.Ordinal));
        row.EndsWith(format.IsShownByBrowsers ? "| yes |" : "| no |", StringComparison.Ordinal).ShouldBeTrue(row);
    }

    private static ImageFormat Of(string name) => ImageFormat.All.Single(format => format.Name == name);

    private static string Line(string file, string part) => File.ReadLines(Path.Combine(Repository.Root, file)).Single(line => line.Contains(part, StringComparison.Ordinal));
}
