using ImageAspire.Core.Images;
using ImageAspire.Core.Vectors;
using ImageAspire.Tests.Http;

namespace ImageAspire.Tests.Api;

/// <summary>GET /api/images/{id}/similar: near-duplicates by hash, then images that look alike.</summary>
public sealed class SimilarImagesTests : IAsyncDisposable
{
    private const string Hash = "0123456789abcdef", NearHash = "0123456789abcdee", FarHash = "fedcba9876543210";
    private static readonly CancellationToken None = CancellationToken.None;
    private readonly ApiHost _host = new();

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task Similar_Image_DuplicatesFirstThenAlikeAndNotItself()
    {
        var image = await AddAsync("this.jpg", 0, Hash, "dog");
        await AddAsync("smaller.jpg", 1, NearHash, "dog");
        await AddAsync("hound.jpg", 2, FarHash, "hound");
        await AddAsync("same dog.jpg", 3, FarHash, "dog");
        await AddAsync("car.jpg", 4, FarHash, "car");
        await AddAsync("copy without a vector.jpg", 5, Hash, null);

        var page = await SimilarAsync(image.Id);

        page.Items.Select(one => (one.Image.Name, one.Why, Math.Round(one.Score, 2))).ShouldBe(
        [
            ("copy without a vector.jpg", "duplicate", 1), ("smaller.jpg", "duplicate", 0.98), ("same dog.jpg", "alike", 1), ("hound.jpg", "alike", 0.9),
        ]);
        page.ComparedBy.ShouldBe([PerceptualVector.Model, "fake-image/1"]);
        page.Next.ShouldBeNull();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(5)]
    [InlineData(8)]
    public async Task Similar_PageByPage_EachOnceInOrder(int limit)
    {
        var image = await AddAsync("this.jpg", 0, Hash, "dog");
        for (var i = 0; i < 3; i++)
            await AddAsync($"copy {i}.jpg", i + 1, NearHash, "dog");
        for (var i = 0; i < 5; i++)
            await AddAsync($"alike {i}.jpg", i + 4, FarHash, i % 2 == 0 ? "hound" : "dog");

        var names = new List<string>();
        string? cursor = null;
        do
        {
            var page = await SimilarAsync(image.Id, $"limit={limit}" + (cursor is null ? "" : "&cursor=" + cursor));
            page.Items.Count.ShouldBeInRange(1, limit);
            names.AddRange(page.Items.Select(one => one.Image.Name));
            cursor = page.Next;
        }
        while (cursor is not null);

        names.ShouldBe(["copy 2.jpg", "copy 1.jpg", "copy 0.jpg", "alike 3.jpg", "alike 1.jpg", "alike 4.jpg", "alike 2.jpg", "alike 0.jpg"]);
    }

    [Fact]
    public async Task Similar_Filters_AreThoseOfTheList()
    {
        var image = await AddAsync("this.jpg", 0, Hash, "dog");
        await AddAsync("plain.jpg", 1, Hash, "dog");
        await AddAsync("archived.jpg", 2, Hash, "dog", one => one with { ArchivedAt = Samples.Noon });
        await AddAsync("tagged.jpg", 3, FarHash, "dog", one => one with { Tags = ["mine"] });

        (await SimilarAsync(image.Id)).Items.Select(one => one.Image.Name).ShouldBe(["plain.jpg", "tagged.jpg"]);
        (await SimilarAsync(image.Id, "archived=all")).Items.Select(one => one.Image.Name).ShouldBe(["archived.jpg", "plain.jpg", "tagged.jpg"]);
        (await SimilarAsync(image.Id, "tag=mine")).Items.Select(one => one.Image.Name).ShouldBe(["tagged.jpg"]);
        (await SimilarAsync(image.Id, "status=failed")).Items.ShouldBeEmpty();
    }

    [Fact]
    public async Task Similar_NothingKnown_IsEmptyOrConflict()
    {
        var received = Samples.Image("received.jpg");
        var failed = Samples.Image("failed.jpg") with { Status = ImageStatus.Failed };
        var inspected = Samples.Image("inspected.jpg") with { Status = ImageStatus.Inspected, PerceptualHash = Hash };
        await _host.Catalog.CommitAsync([received.Insert(), failed.Insert(), inspected.Insert()], None);

        await (await _host.Client.GetAsync($"/api/images/{received.Id}/similar")).ShouldBeProblemAsync(409, "not-inspected");
        (await SimilarAsync(failed.Id)).ComparedBy.ShouldBeEmpty();
        (await SimilarAsync(inspected.Id)).ComparedBy.ShouldBe([PerceptualVector.Model]);
        await (await _host.Client.GetAsync($"/api/images/{Guid.NewGuid()}/similar")).ShouldBeProblemAsync(404, "not-found");
        await (await _host.Client.GetAsync("/api/images/x/similar")).ShouldBeProblemAsync(404, "not-found");
        await (await _host.Client.GetAsync($"/api/images/{inspected.Id}/similar?limit=0")).ShouldBeProblemAsync(400, "invalid-limit");
    }

    [Fact]
    public async Task Similar_CursorOfAnotherImageOrFilter_IsRefused()
    {
        var image = await AddAsync("this.jpg", 0, Hash, "dog");
        var other = await AddAsync("other.jpg", 1, Hash, "dog");
        await AddAsync("third.jpg", 2, Hash, "dog");
        var next = (await SimilarAsync(image.Id, "limit=1")).Next.ShouldNotBeNull();

        (await SimilarAsync(image.Id, $"limit=2&cursor={next}")).Items.Count.ShouldBe(1);
        foreach (var address in (string[])[$"{other.Id}/similar?cursor={next}", $"{image.Id}/similar?tag=a&cursor={next}", $"{image.Id}/similar?cursor=s.AAAA"])
            await (await _host.Client.GetAsync("/api/images/" + address)).ShouldBeProblemAsync(400, "invalid-cursor");
        await (await _host.Client.GetAsync($"/api/images?q=dog&cursor={next}")).ShouldBeProblemAsync(400, "invalid-cursor");
    }

    [Fact]
    public async Task Similar_ManyDuplicates_DoNotHideWhatIsAlike()
    {
        var image = await AddAsync("this.jpg", 0, Hash, "dog");
        await _host.Catalog.CommitAsync([.. Enumerable.Range(1, 30).Select(i =>
            (Samples.Image($"copy {i}.jpg", i) with { PerceptualHash = Hash }).Insert() with { Vectors = [FakeVectorizer.Image("dog")] })], None);
        await AddAsync("alike.jpg", 40, FarHash, "hound");
        var cursor = (await SimilarAsync(image.Id, "limit=30")).Next.ShouldNotBeNull();

        // The thirty are skipped, a few at a time.
        (await SimilarAsync(image.Id, $"limit=3&cursor={cursor}")).Items.Select(one => one.Image.Name).ShouldBe(["alike.jpg"]);
    }

    [Fact]
    public async Task Similar_WithoutReadScope_IsForbidden()
    {
        using var client = _host.ClientWith(ApiHost.WriteKey);
        await (await client.GetAsync($"/api/images/{Guid.NewGuid()}/similar")).ShouldBeProblemAsync(403, "missing-scope");
    }

    private async Task<ImageRecord> AddAsync(string name, int second, string hash, string? look, Func<ImageRecord, ImageRecord>? change = null)
    {
        var image = Samples.Image(name, second) with { Status = ImageStatus.Analyzed, PerceptualHash = hash };
        image = change?.Invoke(image) ?? image;
        await _host.Catalog.CommitAsync([image.Insert() with { Vectors = look is null ? null : [FakeVectorizer.Image(look)] }], None);
        return image;
    }

    private async Task<SimilarPageDto> SimilarAsync(Guid id, string query = "")
    {
        using var answer = await _host.Client.GetAsync($"/api/images/{id}/similar?{query}");
        answer.StatusCode.ShouldBe(System.Net.HttpStatusCode.OK, query);
        return await answer.ReadAsync<SimilarPageDto>();
    }
}
