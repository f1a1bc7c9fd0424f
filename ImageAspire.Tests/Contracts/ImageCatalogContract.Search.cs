using ImageAspire.Core.Ports;

namespace ImageAspire.Tests.Contracts;

/// <summary>Search by words.</summary>
public abstract partial class ImageCatalogContract
{
    [Theory]
    [InlineData("sunset")]
    [InlineData("SUN")]
    [InlineData("s")]
    [InlineData("img 0042")] // the name
    [InlineData("IMG_0042.jpg")]
    [InlineData("harbour")] // the caption
    [InlineData("golden hour")] // a tag of the analyser
    [InlineData("grandm")] // a tag of a person
    [InlineData("platform 9")] // text in the image
    [InlineData("cafe creme")] // written with accents
    [InlineData("Café")]
    [InlineData("Łódź")]
    [InlineData("москва")]
    [InlineData("日本")]
    [InlineData("हिन्दी")]
    [InlineData("🏖")]
    [InlineData("harbour platform sunset grandma")]
    [InlineData("  \t sunset!!! (harbour)  ")]
    public async Task Search_WordsOfARecord_FindIt(string text)
    {
        var catalog = Open();
        var wanted = Samples.Image("IMG_0042.jpg").Seen("Sunset over the harbour: café crème.", ["golden hour"], "PLATFORM 9¾", "Łódź Москва 日本語 हिन्दी 🏖")
            with { Tags = ["grandma"] };
        await catalog.CommitAsync([wanted.Insert(), Samples.Image("other.png", 1).Seen("Nothing of that.", ["forest"]).Insert()], None);

        (await catalog.QueryAsync(new ImageQuery { Text = text }, None)).Items.Select(r => r.Id).ShouldBe([wanted.Id]);
    }

    [Theory]
    [InlineData("unset")] // not the beginning
    [InlineData("sunset forest")] // one word here, one there
    [InlineData("sunset OR forest")]
    [InlineData("sunset NOT forest")]
    [InlineData("\" OR *")]
    [InlineData("words:sunset")]
    [InlineData("words : sunset")]
    [InlineData("NEAR(sunset harbour)")]
    [InlineData("^sunset \"unbalanced")]
    [InlineData("\"\"\"")]
    [InlineData("* ** (")]
    [InlineData("{}[]<>;--'")]
    [InlineData("\0")]
    [InlineData("sunset\0'; DROP TABLE images; --")]
    [InlineData("👨‍👩‍👧‍👦")]
    [InlineData("مرحبا بالعالم")]
    [InlineData("\u202egpj.exe")]
    [InlineData("\ud83d")] // half a character
    [InlineData("\u0301\u0301")] // accents without letters
    public async Task Search_HostileOrMissingWords_FindNothing(string text)
    {
        var catalog = Open();
        await catalog.CommitAsync([Samples.Image().Seen("Sunset over the harbour.", []).Insert(), Samples.Image("b.png", 1).Seen("A forest.", []).Insert()], None);

        foreach (var sort in Enum.GetValues<ImageSort>())
            (await catalog.QueryAsync(new ImageQuery { Text = text, Sort = sort }, None)).Items.ShouldBeEmpty();
        (await catalog.QueryAsync(new ImageQuery { Tag = text }, None)).Items.ShouldBeEmpty();
        (await catalog.QueryAsync(new ImageQuery { Tag = text, Text = "sunset" }, None)).Items.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("   ")]
    public async Task Search_Blank_IsNoFilter(string? text)
    {
        var catalog = Open();
        await catalog.CommitAsync([Samples.Image().Insert()], None);
        (await catalog.QueryAsync(new ImageQuery { Text = text }, None)).Items.Count.ShouldBe(1);
    }

    [Theory]
    [InlineData("no parking", true)]
    [InlineData("No Park", true)]
    [InlineData("noparking", true)]
    [InlineData("except monday no parking", true)]
    [InlineData("no parking except monday", true)]
    [InlineData("straße frei", true)]
    [InlineData("parking no", false)]
    [InlineData("no parking tuesday", false)]
    [InlineData("a fs", false)] // short: "afs…" begins other words
    public async Task Search_SpacesMissingInTheReadText_DoNotHideIt(string text, bool found)
    {
        var catalog = Open();
        var sign = Samples.Image("a.jpg").Seen("A sign.", [], "NOPARKING", "EXCEPTMONDAY", "STRASSE STRAßEFREI AFSAID");
        await catalog.CommitAsync([sign.Insert(), Samples.Image("b.jpg", 1).Seen("Void.", [], "PARK HERE").Insert()], None);

        (await catalog.QueryAsync(new ImageQuery { Text = text }, None)).Items.Select(r => r.Id).ShouldBe(found ? [sign.Id] : []);
    }

    [Fact]
    public async Task Search_VeryLong_IsCut()
    {
        var catalog = Open();
        var image = Samples.Image(string.Join(' ', Enumerable.Range(0, 20).Select(i => $"w{i:D2}")));
        await catalog.CommitAsync([image.Insert()], None);
        var text = image.Name + string.Concat(Enumerable.Repeat(" missing", 100_000));
        (await catalog.QueryAsync(new ImageQuery { Text = text }, None)).Items.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Search_AfterAChange_FindsNewWordsOnly()
    {
        var catalog = Open();
        var image = Samples.Image("before.jpg").Seen("An owl.", ["owl"]);
        var changed = image.Replace(r => r.Seen("A heron.", ["heron"]) with { Name = "after.jpg" });
        await catalog.CommitAsync([image.Insert(), changed], None);

        foreach (var gone in (string[])["before", "owl", "owls"])
            (await catalog.QueryAsync(new ImageQuery { Text = gone }, None)).Items.ShouldBeEmpty(gone);
        foreach (var found in (string[])["after", "heron", "her"])
            (await catalog.QueryAsync(new ImageQuery { Text = found }, None)).Items.Count.ShouldBe(1, found);
        (await catalog.QueryAsync(new ImageQuery { Tag = "owl" }, None)).Items.ShouldBeEmpty();
        (await catalog.QueryAsync(new ImageQuery { Tag = "heron" }, None)).Items.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Search_PrefixOfVeryManyWords_FindsAll()
    {
        var catalog = Open();
        await catalog.CommitAsync([.. Enumerable.Range(0, 120).Select(i => Samples.Image($"scan{i:D3}.png", i).Insert())], None);
        (await ListAsync(catalog, new ImageQuery { Text = "scan", Limit = 50 })).Count.ShouldBe(120);
        (await ListAsync(catalog, new ImageQuery { Text = "scan11", Limit = 50 })).Count.ShouldBe(10);
    }

    [Theory]
    [InlineData("golden hour")]
    [InlineData("C++")]
    [InlineData("!!!")]
    [InlineData("été 🌞")]
    [InlineData("'; DROP TABLE images; --")]
    public async Task Query_TagWithWords_IsExact(string tag)
    {
        var catalog = Open();
        var image = Samples.Image().Seen("Seen.", []) with { Tags = [tag] };
        await catalog.CommitAsync([image.Insert(), (Samples.Image("b.jpg", 1).Seen("Seen.", []) with { Tags = [tag + " too"] }).Insert()], None);

        (await catalog.QueryAsync(new ImageQuery { Tag = tag }, None)).Items.Select(r => r.Id).ShouldBe([image.Id]);
        (await catalog.QueryAsync(new ImageQuery { Tag = tag, Text = "seen" }, None)).Items.Select(r => r.Id).ShouldBe([image.Id]);
        (await catalog.QueryAsync(new ImageQuery { Tag = tag[..1] }, None)).Items.ShouldBeEmpty();
    }
}
