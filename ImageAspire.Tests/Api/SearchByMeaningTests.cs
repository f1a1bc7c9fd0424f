using ImageAspire.Core.Images;
using ImageAspire.Core.Ports;
using ImageAspire.Tests.Http;
using Microsoft.Extensions.DependencyInjection;

namespace ImageAspire.Tests.Api;

/// <summary>The image list with <c>q</c>: first what has the words, then what means alike.</summary>
public sealed class SearchByMeaningTests : IAsyncDisposable
{
    private static readonly CancellationToken None = CancellationToken.None;
    private readonly FakeVectorizer _vectorizer = new();
    private readonly ApiHost _host;

    public SearchByMeaningTests() => _host = new ApiHost(services => services.AddSingleton<IImageVectorizer>(_vectorizer));

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task List_Words_FirstWhatHasThemThenWhatMeansAlikeAndNoneTwice()
    {
        await SeedAsync(("car.jpg", "car"), ("a puppy.jpg", "puppy"), ("dog.jpg", "dog"), ("hound.jpg", "hound"), ("nothing.jpg", null));

        var page = await ListAsync("q=puppy");

        page.Items.Select(one => one.Name).ShouldBe(["a puppy.jpg", "hound.jpg", "dog.jpg"]);
        (page.Next, page.Meaning, page.ByMeaning).ShouldBe((null, "used", 2));
        (await ListAsync("q=nonsense")).Items.ShouldBeEmpty();
        (await ListAsync("q=italian%20food")).Items.ShouldBeEmpty();
    }

    [Fact]
    public async Task List_MatchWords_OnlyTheseAndTheVectorizerIsLeftAlone()
    {
        await SeedAsync(("puppy.jpg", "puppy"), ("dog.jpg", "dog"));

        var page = await ListAsync("q=puppy&match=words");

        page.Items.Select(one => one.Name).ShouldBe(["puppy.jpg"]);
        (page.Meaning, page.ByMeaning).ShouldBe((null, null));
        _vectorizer.Texts.ShouldBeEmpty();
        await (await _host.Client.GetAsync("/api/images?q=puppy&match=soul")).ShouldBeProblemAsync(400, "invalid-parameter");
    }

    [Theory]
    [InlineData("")]
    [InlineData("q=")]
    [InlineData("q=%20%20")]
    [InlineData("q=!!!")]
    [InlineData("tag=dog")]
    public async Task List_WithoutWords_NoMeaning(string query)
    {
        await SeedAsync(("dog.jpg", "dog"));

        var page = await ListAsync(query);

        page.Meaning.ShouldBeNull();
        _vectorizer.Texts.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)] // the words fill whole pages: the border is between two pages
    [InlineData(4)]
    [InlineData(6)]
    [InlineData(7)]
    [InlineData(12)]
    [InlineData(13)]
    public async Task List_PageByPage_EachOnceInOrder(int limit)
    {
        await SeedAsync([.. Enumerable.Range(0, 6).Select(i => ($"dog {i}.jpg", (string?)"dog")), .. Enumerable.Range(0, 6).Select(i => ($"other {i}.jpg", (string?)(i % 2 == 0 ? "hound" : "dog")))]);
        string[] wanted = ["dog 5.jpg", "dog 4.jpg", "dog 3.jpg", "dog 2.jpg", "dog 1.jpg", "dog 0.jpg", "other 5.jpg", "other 3.jpg", "other 1.jpg", "other 4.jpg", "other 2.jpg", "other 0.jpg"];

        var names = new List<string>();
        var byMeaning = 0;
        string? cursor = null;
        do
        {
            var page = await ListAsync($"q=dog&limit={limit}" + (cursor is null ? "" : "&cursor=" + cursor));
            page.Items.Count.ShouldBeLessThanOrEqualTo(limit);
            page.Items.ShouldNotBeEmpty();
            names.AddRange(page.Items.Select(one => one.Name));
            byMeaning += page.ByMeaning ?? 0;
            cursor = page.Next;
        }
        while (cursor is not null);

        names.ShouldBe(wanted);
        byMeaning.ShouldBe(6);
    }

    [Fact]
    public async Task List_ImagesDeletedBetweenPages_TheRestComesOnce()
    {
        var images = await SeedAsync([.. Enumerable.Range(0, 8).Select(i => ($"{i}.jpg", (string?)"dog"))]);
        var first = await ListAsync("q=puppy&limit=3");
        first.Items.Select(one => one.Name).ShouldBe(["7.jpg", "6.jpg", "5.jpg"]);

        await _host.Catalog.CommitAsync([images[5].Delete(), images[4].Delete()], None); // the last of this page, the first of the next

        (await ListAsync("q=puppy&limit=3&cursor=" + first.Next)).Items.Select(one => one.Name).ShouldBe(["3.jpg", "2.jpg", "1.jpg"]);
    }

    [Fact]
    public async Task List_Filters_ApplyToBothParts()
    {
        var images = await SeedAsync(("puppy.jpg", "dog"), ("dog.jpg", "dog"), ("hound.jpg", "hound"));
        await _host.Catalog.CommitAsync([images[0].Replace(one => one with { ArchivedAt = Samples.Noon }), images[2].Replace(one => one with { Tags = ["mine"] })], None);

        (await ListAsync("q=puppy")).Items.Select(one => one.Name).ShouldBe(["hound.jpg", "dog.jpg"], ignoreOrder: true);
        (await ListAsync("q=puppy&archived=true")).Items.Select(one => one.Name).ShouldBe(["puppy.jpg"]);
        (await ListAsync("q=puppy&tag=mine")).Items.Select(one => one.Name).ShouldBe(["hound.jpg"]);
        (await ListAsync("q=puppy&minRating=3")).Items.ShouldBeEmpty();
        (await ListAsync("q=puppy&sort=name&archived=all")).Items.Select(one => one.Name).First().ShouldBe("puppy.jpg");
    }

    [Fact]
    public async Task List_CursorOfAnotherListOrModel_IsRefused()
    {
        await SeedAsync([.. Enumerable.Range(0, 5).Select(i => ($"{i}.jpg", (string?)"dog"))]);
        var next = (await ListAsync("q=puppy&limit=2")).Next.ShouldNotBeNull();

        foreach (var other in (string[])["q=hound", "q=puppy&archived=all", "q=puppy&match=words", "tag=dog", "q=puppy&sort=name"])
            await (await _host.Client.GetAsync($"/api/images?{other}&limit=2&cursor={next}")).ShouldBeProblemAsync(400, "invalid-cursor");
        foreach (var forged in (string[])["s.", "s.AAAA", next + "A", next[..^1], "s." + next])
            await (await _host.Client.GetAsync($"/api/images?q=puppy&limit=2&cursor={forged}")).ShouldBeProblemAsync(400, "invalid-cursor");

        _vectorizer.TextModel = "fake-text/2"; // places of its scores mean nothing to another model
        await (await _host.Client.GetAsync($"/api/images?q=puppy&limit=3&cursor={next}")).ShouldBeProblemAsync(400, "invalid-cursor");
        (await ListAsync("q=puppy&limit=3")).Items.ShouldBeEmpty();
    }

    [Fact]
    public async Task List_VectorizerDown_WordsAloneAnswerAndSaySo()
    {
        await SeedAsync(("puppy.jpg", "dog"), ("dog.jpg", "dog"), ("hound.jpg", "dog"));
        var next = (await ListAsync("q=puppy&limit=2")).Next.ShouldNotBeNull();
        _vectorizer.Error = new VectorizerUnavailableException("It is down.");

        var page = await ListAsync("q=puppy");
        page.Items.Select(one => one.Name).ShouldBe(["puppy.jpg"]);
        (page.Meaning, page.Next, page.ByMeaning).ShouldBe(("unavailable", null, null));
        page = await ListAsync("q=puppy&limit=2&cursor=" + next);
        (page.Items.Count, page.Meaning, page.Next).ShouldBe((0, "unavailable", null));
    }

    [Fact]
    public async Task List_VectorsNotOffered_WordsAlone()
    {
        await SeedAsync(("puppy.jpg", "dog"), ("dog.jpg", "dog"));
        _vectorizer.IsOffered = false;

        var page = await ListAsync("q=puppy");

        page.Items.Select(one => one.Name).ShouldBe(["puppy.jpg"]);
        page.Meaning.ShouldBeNull();
    }

    [Fact]
    public async Task List_OneSpace_TheTextFindsTheImagesThemselves()
    {
        _vectorizer.HasOneSpace = true;
        var image = Samples.Image("a.jpg");
        await _host.Catalog.CommitAsync([image.Insert() with { Vectors = [FakeVectorizer.Image("dog")] }], None);

        (await ListAsync("q=puppy")).Items.Select(one => one.Id).ShouldBe([image.Id]);
    }

    [Fact]
    public async Task List_HostileTexts_AreDataForTheVectorizerToo()
    {
        await SeedAsync(("a.jpg", "dog"));
        foreach (var text in (string[])["\ud83d dog", new string('x', 1000), "'; DROP TABLE vectors; --", "a\nb\tc", string.Concat(Enumerable.Repeat("👩 ", 300))])
            (await ListAsync("q=" + Uri.EscapeDataString(text))).Items.ShouldBeEmpty();
        _vectorizer.Texts.ShouldAllBe(text => text.Length <= 256 && !text.Contains('\n'));
    }

    private async Task<IReadOnlyList<ImageRecord>> SeedAsync(params (string Name, string? Seen)[] images)
    {
        var records = images.Select((image, i) => Samples.Image(image.Name, i)).ToList();
        await _host.Catalog.CommitAsync([.. records.Zip(images).Select(one => one.First.Insert() with
        {
            Vectors = one.Second.Seen is { } seen ? FakeVectorizer.Seen(seen) : null,
        })], None);
        return records;
    }

    private async Task<ListPageDto> ListAsync(string query)
    {
        using var answer = await _host.Client.GetAsync("/api/images?" + query);
        answer.StatusCode.ShouldBe(System.Net.HttpStatusCode.OK, query);
        return await answer.ReadAsync<ListPageDto>();
    }
}
