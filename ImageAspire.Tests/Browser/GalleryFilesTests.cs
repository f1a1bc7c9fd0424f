using System.Text.RegularExpressions;

namespace ImageAspire.Tests.Browser;

/// <summary>The gallery's files: small, all announced, and without markup made from text.</summary>
public sealed partial class GalleryFilesTests
{
    private const int MostBytes = 500_000;
    private static readonly string Root = Path.Combine(AppContext.BaseDirectory, "wwwroot");

    [Fact]
    public void Page_BeforeImages_IsSmall()
    {
        var page = File.ReadAllText(Path.Combine(Root, "index.html"));

        (page.Length + Addresses().Matches(page).Select(match => match.Groups[1].Value).Distinct().Sum(file => new FileInfo(Path.Combine(Root, file)).Length))
            .ShouldBeLessThan(MostBytes);
    }

    [Fact]
    public void Modules_AllThatAreImported_AreLoadedAtOnce()
    {
        var page = File.ReadAllText(Path.Combine(Root, "index.html"));
        var announced = Addresses().Matches(page).Select(match => match.Groups[1].Value).Where(file => file.EndsWith(".js", StringComparison.Ordinal)).ToHashSet();
        var imported = announced.SelectMany(file => Imports().Matches(File.ReadAllText(Path.Combine(Root, file)))
            .Select(match => Path.GetRelativePath(Root, Path.GetFullPath(Path.Combine(Root, Path.GetDirectoryName(file)!, match.Groups[1].Value))).Replace('\\', '/')));

        imported.Append("js/gallery.js").ToHashSet().Order().ShouldBe(announced.Order());
    }

    [Fact]
    public void Scripts_NeverMakeMarkupOfText()
    {
        foreach (var file in Directory.EnumerateFiles(Path.Combine(Root, "js"), "*.js", SearchOption.AllDirectories))
            Dangerous().Match(File.ReadAllText(file)).Value.ShouldBe("", file);
    }

    [GeneratedRegex("(?:href|src)=\"/([^\"]+\\.(?:css|js|svg))\"")]
    private static partial Regex Addresses();

    [GeneratedRegex("from '([^']+)'")]
    private static partial Regex Imports();

    [GeneratedRegex("innerHTML|outerHTML|insertAdjacentHTML|document\\.write|\\beval\\(|new Function")]
    private static partial Regex Dangerous();
}
