using ImageAspire.Core.Images;
using ImageAspire.Core.Lifecycle;
using ImageAspire.Tests.Http;

namespace ImageAspire.Tests.Api;

/// <summary>The list filtered and sorted by what the files say.</summary>
public sealed class MetadataFilterTests
{
    [Fact]
    public async Task List_EachFilter_FindsWhatItSays()
    {
        await using var host = new ApiHost();
        await host.UploadAsync(9, "unknown");
        await AddAsync(host, 1, "harbour", "2023-09-23T10:11:12.17", 5, "NIKON CORPORATION", "NIKON Z 6", 35.6586, 139.7454);
        await AddAsync(host, 2, "market", "2023-09-23T23:59:59", 3, "Apple", "iPhone 15 Pro", 48.137, 11.575);
        await AddAsync(host, 3, "fiji", "2024-02-29", null, "Apple", "iPhone 6", -18.1, 178.4);

        (string Query, string Names)[] all =
        [
            ("takenFrom=2023-09-23T10:11:12.17", "harbour market fiji"), ("takenFrom=2023-09-23T10:11:12.1700001", "market fiji"), ("takenFrom=2024-02-29", "fiji"),
            ("takenTo=2023-09-24", "harbour market"), ("takenTo=2023-09-23T23:59", "harbour"), ("takenFrom=2023-09-23&takenTo=2023-09-23T10:11:12", ""),
            ("takenFrom=2024-01-01&takenTo=2023-01-01", ""), ("minRating=1", "harbour market"), ("minRating=4", "harbour"), ("camera=apple", "market fiji"),
            ("camera=IPHONE%2015", "market"), ("camera=z%20nik", "harbour"), ("camera=%22%20OR%20*", ""), ("camera=%20", "unknown harbour market fiji"),
            ("bbox=139,35,140,36", "harbour"), ("bbox=170,-20,-170,0", "fiji"), ("bbox=-180,-90,180,90", "harbour market fiji"), ("bbox=11.575,48.137,11.575,48.137", "market"),
            ("camera=apple&minRating=3&bbox=11,48,12,49&takenFrom=2023-01-01&takenTo=2024-01-01&q=mark&status=inspected", "market"), ("minRating=3&tag=none", ""),
            ("takenFrom=&takenTo=&minRating=&camera=&bbox=", "unknown harbour market fiji"),
        ];
        foreach (var (query, names) in all)
            string.Join(' ', await NamesAsync(host, query + "&sort=oldest")).ShouldBe(names, query);
        (await NamesAsync(host, "sort=taken")).ShouldBe(["fiji", "market", "harbour", "unknown"]);
        (await NamesAsync(host, "sort=TAKEN&camera=apple")).ShouldBe(["fiji", "market"]);
    }

    [Theory]
    [InlineData("takenFrom", "yesterday", "day or a time without a zone")]
    [InlineData("takenFrom", "2023-09-23T10:11:12Z", "day or a time without a zone")]
    [InlineData("takenTo", "2023-09-23T10:11:12%2B09:00", "day or a time without a zone")]
    [InlineData("takenTo", "2023-02-29", "day or a time without a zone")]
    [InlineData("takenTo", "23.09.2023", "day or a time without a zone")]
    [InlineData("minRating", "0", "from 1 to 5")]
    [InlineData("minRating", "6", "from 1 to 5")]
    [InlineData("minRating", "-1", "from 1 to 5")]
    [InlineData("minRating", "4.5", "from 1 to 5")]
    [InlineData("minRating", "%D9%A3", "from 1 to 5")] // an Arabic three
    [InlineData("bbox", "1,2,3", "west,south,east,north")]
    [InlineData("bbox", "1,2,3,4,5", "west,south,east,north")]
    [InlineData("bbox", "1,2,3,north", "west,south,east,north")]
    [InlineData("bbox", "-181,0,0,1", "-180 to 180")]
    [InlineData("bbox", "0,-91,1,1", "-90 to 90")]
    [InlineData("bbox", "0,0,180.5,1", "-180 to 180")]
    [InlineData("bbox", "0,2,1,1", "south not above north")]
    [InlineData("bbox", "NaN,0,1,1", "west,south,east,north")]
    [InlineData("bbox", "0,0,1,Infinity", "west,south,east,north")]
    [InlineData("bbox", "0,0,1,1e1", "west,south,east,north")]
    [InlineData("bbox", "0;0;1;1", "west,south,east,north")]
    public async Task List_BadValue_Is400ThatNamesTheParameterAndWhatIsAllowed(string parameter, string value, string allowed)
    {
        await using var host = new ApiHost();

        using var answer = await host.Client.GetAsync($"/api/images?{parameter}={value}");

        await answer.ShouldBeProblemAsync(400, "invalid-parameter");
        var detail = Responses.Read<ProblemDto>(await answer.Content.ReadAsStringAsync()).Detail;
        detail.ShouldStartWith($"{parameter} must be ");
        detail.ShouldContain(allowed);
    }

    [Fact]
    public async Task List_CameraTooLong_Is400()
    {
        await using var host = new ApiHost();
        await host.Client.GetAsync($"/api/images?camera={new string('x', 1001)}").ShouldBeProblemAsync(400, "invalid-parameter");
    }

    [Fact]
    public async Task List_SortedByDateTaken_PagesOverEqualDatesAndNone()
    {
        await using var host = new ApiHost();
        var expected = new List<string>();
        for (var i = 0; i < 9; i++)
        {
            if (i % 3 == 0)
                await host.UploadAsync(i, $"none {i}");
            else
                await AddAsync(host, i, $"same {i}", "2023-09-23T10:11:12", i % 5, "Apple", "iPhone", 1, 1);
            expected.Add(i % 3 == 0 ? $"none {i}" : $"same {i}");
        }

        expected.Reverse();
        (await PagesAsync(host, "sort=taken&limit=2")).ShouldBe([.. expected.Where(name => name.StartsWith("same")), .. expected.Where(name => name.StartsWith("none"))]);
        (await PagesAsync(host, "sort=taken&limit=1&minRating=2&camera=iphone&bbox=0,0,2,2")).ShouldBe(["same 8", "same 7", "same 4", "same 2"]);
    }

    [Fact]
    public async Task List_CursorOfOtherMetadataFilters_IsRefused()
    {
        await using var host = new ApiHost();
        for (var i = 1; i <= 3; i++)
            await AddAsync(host, i, $"{i}", "2023-09-23", i, "Apple", "iPhone", 1, 1);
        var next = (await host.Client.GetAsync<PageDto<ImageDto>>("/api/images?limit=1&minRating=1")).Next;

        (await host.Client.GetAsync<PageDto<ImageDto>>($"/api/images?limit=1&minRating=1&cursor={next}")).Items.Count.ShouldBe(1);
        foreach (var other in (string[])["minRating=2", "camera=apple&minRating=1", "", "minRating=1&bbox=0,0,2,2", "minRating=1&takenFrom=2023-01-01", "minRating=1&sort=taken"])
            await host.Client.GetAsync($"/api/images?limit=1&{other}&cursor={next}").ShouldBeProblemAsync(400, "invalid-cursor");
    }

    private static async Task AddAsync(ApiHost host, int seed, string name, string taken, int? rating, string make, string model, double latitude, double longitude)
    {
        var id = await host.UploadAsync(seed, name);
        await host.TransitionAsync(id, record => ImageLifecycle.Inspect(record, Samples.Facts with
        {
            TakenAtLocal = DateTime.Parse(taken, null), Camera = new CameraInfo(make, model), Location = new GeoLocation(latitude, longitude),
            Metadata = rating is > 0 ? new ImageMetadata(Rating: rating) : null,
        }, Cause.Now("test", TimeProvider.System)));
    }

    private static async Task<List<string>> NamesAsync(ApiHost host, string query) => [.. (await host.Client.GetItemsAsync<ImageDto>($"/api/images?{query}")).Select(image => image.Name)];

    private static async Task<List<string>> PagesAsync(ApiHost host, string query)
    {
        var names = new List<string>();
        for (string? next = null, at = ""; at is not null; at = next is null ? null : $"&cursor={next}")
        {
            var page = await host.Client.GetAsync<PageDto<ImageDto>>($"/api/images?{query}{at}");
            names.AddRange(page.Items.Select(image => image.Name));
            next = page.Next;
        }

        return names;
    }
}
