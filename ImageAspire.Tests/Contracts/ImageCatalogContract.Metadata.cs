using ImageAspire.Core.Images;
using ImageAspire.Core.Ports;

namespace ImageAspire.Tests.Contracts;

/// <summary>Lists by what comes from the files: date taken, rating, camera and place.</summary>
public abstract partial class ImageCatalogContract
{
    private static readonly DateTime Taken = new(2023, 9, 23, 10, 11, 12);
    private static readonly GeoArea Munich = new(11.36, 48.06, 11.72, 48.25);

    [Fact]
    public async Task Query_EveryMetadataFilterAndSort_GivesWhatAModelGives()
    {
        var catalog = Open();
        var records = Photos(90);
        await catalog.CommitAsync([.. records.Select(r => r.Insert())], None);
        (DateTime?, DateTime?)[] ranges = [(null, null), (Taken.AddDays(3), null), (null, Taken.AddDays(9)), (Taken.AddDays(3), Taken.AddDays(9))];
        ImageQuery[] filters =
        [
            new(), new() { MinRating = 1 }, new() { MinRating = 4 }, new() { Camera = "nikon" }, new() { Camera = "APP iphone 1" }, new() { Area = Munich },
            new() { MinRating = 2, Camera = "apple", Area = Munich }, new() { Tag = "x", MinRating = 5 }, new() { Text = "img", Camera = "apple" },
            new() { Status = ImageStatus.Failed, MinRating = 3 }, new() { From = Samples.Noon.AddSeconds(20), To = Samples.Noon.AddSeconds(70), MinRating = 2 },
        ];
        bool?[] archived = [false, true, null];

        var queries =
            from sort in Enum.GetValues<ImageSort>()
            from filter in filters
            from range in ranges
            from put in archived
            select filter with { Limit = 8, Sort = sort, TakenFrom = range.Item1, TakenTo = range.Item2, Archived = put };
        foreach (var query in queries)
        {
            var listed = await ListAsync(catalog, query);
            var expected = Model(records, query).ToList();
            listed.Select(r => r.Id).ShouldBe(expected.Select(r => r.Id), ignoreOrder: query.Sort is ImageSort.Name or ImageSort.Largest, query.ToString());
            listed.Select(SortValue(query.Sort)).ShouldBe(expected.Select(SortValue(query.Sort)), query.ToString());
        }
    }

    [Fact]
    public async Task Query_ByDateTaken_EqualDatesAndNoneArePagedToo()
    {
        var catalog = Open();
        var records = Enumerable.Range(0, 40).Select(i => Samples.Image($"{i}.jpg", i) with { TakenAtLocal = (i % 4) switch { 0 => null, 1 => Taken.AddTicks(1), _ => Taken } }).ToList();
        await catalog.CommitAsync([.. records.Select(r => r.Insert())], None);

        for (var limit = 1; limit <= 12; limit++)
        {
            (await ListAsync(catalog, new ImageQuery { Sort = ImageSort.Taken, Limit = limit })).Select(r => r.Id)
                .ShouldBe(records.OrderByDescending(r => r.TakenAtLocal).ThenByDescending(r => r.UploadedAt).Select(r => r.Id));
        }
    }

    [Fact]
    public async Task Query_ByDateTakenWhileOthersComeAndGo_NoRecordTwiceAndNoneSkipped()
    {
        var (catalog, other) = (Open(), Open());
        ImageRecord New(int second, int i) => Samples.Image($"{i}.jpg", second) with { TakenAtLocal = i % 5 == 0 ? null : Taken.AddDays(i % 4) };
        var stay = Enumerable.Range(0, 60).Select(i => New(i * 2, i)).ToList();
        var leave = new Queue<ImageRecord>(Enumerable.Range(0, 30).Select(i => New(i * 4 + 1, i)));
        await catalog.CommitAsync([.. stay.Concat(leave).Select(r => r.Insert())], None);
        var second = 0;

        var listed = await ListAsync(catalog, new ImageQuery { Limit = 9, Sort = ImageSort.Taken }, async () =>
        {
            if (leave.Count > 0)
                await other.CommitAsync([.. Enumerable.Range(0, 4).Select(i => New(second += 7, i).Insert()), .. Enumerable.Range(0, 3).Select(_ => leave.Dequeue().Delete())], None);
        });

        listed.Select(r => r.Id).ShouldBeUnique();
        stay.Select(r => r.Id).Except(listed.Select(r => r.Id)).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("2023-09-23T10:11:12", "2023-09-23T10:11:13", "exact later")]
    [InlineData("2023-09-23T10:11:12.0000001", "2023-09-24", "later")]
    [InlineData("2023-09-23", "2023-09-23T10:11:12", "")]
    [InlineData("0001-01-01", "9999-12-31T23:59:59.9999999", "exact later")] // not those without a date
    public async Task Query_AtEachEndOfTheDateTaken_FromIsInAndToIsOut(string from, string to, string names)
    {
        var catalog = Open();
        await catalog.CommitAsync(
        [
            (Samples.Image("exact") with { TakenAtLocal = Taken }).Insert(), (Samples.Image("later", 1) with { TakenAtLocal = Taken.AddMilliseconds(170) }).Insert(),
            Samples.Image("never", 2).Insert(),
        ], None);
        var query = new ImageQuery { TakenFrom = DateTime.Parse(from, null), TakenTo = DateTime.Parse(to, null) };

        foreach (var sort in (ImageSort[])[ImageSort.Oldest, ImageSort.Name])
            string.Join(' ', (await catalog.QueryAsync(query with { Sort = sort }, None)).Items.Select(r => r.Name)).ShouldBe(names);
        (await catalog.QueryAsync(query with { Sort = ImageSort.Taken }, None)).Items.Select(r => r.Name).Reverse().ShouldBe(names.Split(' ', StringSplitOptions.RemoveEmptyEntries));
    }

    [Fact]
    public async Task Query_DateOfARecordOfRelease01_IsTheTimeThatItHas()
    {
        var catalog = Open();
        var old = Samples.Image("old.jpg") with { TakenAt = new DateTimeOffset(Taken, TimeSpan.Zero) };
        await catalog.CommitAsync([old.Insert(), Samples.Image("none.jpg", 1).Insert()], None);
        (await catalog.QueryAsync(new ImageQuery { TakenFrom = Taken, TakenTo = Taken.AddSeconds(1) }, None)).Items.ShouldHaveSingleItem().Id.ShouldBe(old.Id);
        (await catalog.QueryAsync(new ImageQuery { Sort = ImageSort.Taken }, None)).Items[0].Id.ShouldBe(old.Id);
    }

    [Theory]
    [InlineData(10, 40, 20, 50, "inside west-edge north-edge")]
    [InlineData(15, 45, 15, 45, "inside")] // a point
    [InlineData(170, -90, -170, 90, "fiji antimeridian samoa taveuni")]
    [InlineData(-180, -90, 180, 90, "inside west-edge north-edge fiji antimeridian samoa taveuni")]
    [InlineData(170, -90, 180, 90, "fiji antimeridian taveuni")] // the antimeridian has two numbers
    [InlineData(-180, -90, -170, 90, "antimeridian samoa taveuni")]
    [InlineData(180, -90, 180, 90, "antimeridian taveuni")]
    [InlineData(-180, -90, -180, 90, "antimeridian taveuni")]
    [InlineData(20, 40, 10, 50, "west-edge")] // round the other side of the Earth; its edge is in both
    [InlineData(15.000001, 45, 20, 50, "")]
    public async Task Query_Area_HasItsEdgesAndMayCrossTheAntimeridian(double west, double south, double east, double north, string names)
    {
        var catalog = Open();
        (string Name, double Longitude, double Latitude)[] places =
            [("inside", 15, 45), ("west-edge", 10, 40), ("north-edge", 14, 50), ("fiji", 178, -18), ("antimeridian", -180, 0), ("samoa", -171.5, -13.8), ("taveuni", 180, -16.8)];
        await catalog.CommitAsync([.. places.Select((place, i) => (Samples.Image(place.Name, i) with { Location = new GeoLocation(place.Latitude, place.Longitude) }).Insert()),
            Samples.Image("nowhere", 99).Insert()], None);

        var found = await catalog.QueryAsync(new ImageQuery { Sort = ImageSort.Oldest, Area = new GeoArea(west, south, east, north) }, None);

        string.Join(' ', found.Items.Select(r => r.Name)).ShouldBe(names);
    }

    [Theory]
    [InlineData("canon", true)]
    [InlineData("CAN eos", true)]
    [InlineData("5d iv", true)] // the beginnings of its words, in any order
    [InlineData("café", true)]
    [InlineData("mark-iv", true)]
    [InlineData("   ", true)] // no filter
    [InlineData("anon", false)]
    [InlineData("canon nikon", false)]
    [InlineData("rf50mm", false)] // the lens
    [InlineData("canon OR nikon", false)]
    [InlineData("words:canon", false)]
    [InlineData("\" OR *", false)]
    [InlineData("---", false)]
    [InlineData("\0", false)]
    [InlineData("\ud83d", false)]
    [InlineData("canon\0'; DROP TABLE images; --", false)]
    [InlineData("$where", false)]
    [InlineData(".*", false)]
    public async Task Query_Camera_IsWordsAndNeverAnExpression(string camera, bool finds)
    {
        var catalog = Open();
        var image = Samples.Image() with { Camera = new CameraInfo("Canon Cafe", "Canon EOS 5D Mark IV", "RF50mm") };
        await catalog.CommitAsync([image.Insert(), (Samples.Image("b.jpg", 1) with { Camera = new CameraInfo(Lens: "RF50mm") }).Insert()], None);

        foreach (var sort in Enum.GetValues<ImageSort>())
            (await catalog.QueryAsync(new ImageQuery { Camera = camera, Sort = sort }, None)).Items.Any(r => r.Id == image.Id).ShouldBe(finds);
    }

    [Fact]
    public async Task Query_AfterEveryKindOfChange_FindsWhatIsThereNow()
    {
        var catalog = Open();
        ImageQuery[] queries =
            [new() { MinRating = 4 }, new() { Camera = "leica" }, new() { Area = Munich }, new() { TakenFrom = Taken, TakenTo = Taken.AddSeconds(1) }];
        var image = Samples.Image();
        await catalog.CommitAsync([image.Insert()], None);
        await FoundAsync(queries, false, archived: null);

        var inspected = image.Replace(r => r with
        {
            TakenAtLocal = Taken, Metadata = new ImageMetadata(Rating: 4), Camera = new CameraInfo("LEICA", "Q3"), Location = new GeoLocation(48.137, 11.575),
        });
        var archived = inspected.After!.Replace(r => r with { ArchivedAt = Samples.Noon });
        await catalog.CommitAsync([inspected, archived], None);
        await FoundAsync(queries, true, archived: true);
        await FoundAsync(queries, false, archived: false);

        var other = archived.After!.Replace(r => r with { ArchivedAt = null, TakenAtLocal = null, Metadata = null, Camera = null, Location = null });
        await catalog.CommitAsync([other], None);
        await FoundAsync(queries, false, archived: null);
        await catalog.CommitAsync([other.After!.Replace(_ => inspected.After! with { Version = other.After!.Version })], None);
        await FoundAsync(queries, true, archived: false);
        await catalog.CommitAsync([((await catalog.GetAsync(image.Id, None))!).Delete()], None);
        await FoundAsync([.. queries, new ImageQuery { Sort = ImageSort.Taken }], false, archived: null);

        async Task FoundAsync(ImageQuery[] asked, bool found, bool? archived)
        {
            foreach (var query in asked)
                (await catalog.QueryAsync(query with { Archived = archived }, None)).Items.Count.ShouldBe(found ? 1 : 0, query.ToString());
        }
    }
}
