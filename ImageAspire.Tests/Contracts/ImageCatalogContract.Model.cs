using System.Globalization;
using ImageAspire.Core.Images;
using ImageAspire.Core.Ports;

namespace ImageAspire.Tests.Contracts;

/// <summary>Records, and the lists that a query should give of them.</summary>
public abstract partial class ImageCatalogContract
{
    private static List<ImageRecord> Mixed(int count) => [.. Enumerable.Range(0, count).Select(i =>
    {
        var name = (i % 3) switch { 0 => $"IMG_{i % 7}.jpg", 1 => $"img_{i % 5} gold.JPG", _ => "Ünïcode.png" };
        var seen = Samples.Image(name, i, i % 6).Seen(i % 4 == 0 ? "A golden beach." : null, i % 5 == 0 ? ["golden hour", "x"] : ["x"], i % 7 == 0 ? ["BEACHES AHEAD"] : []);
        return seen with { Status = i % 9 == 0 ? ImageStatus.Failed : ImageStatus.Analyzed, ArchivedAt = i % 4 == 1 ? Samples.Noon : null };
    })];

    private static IEnumerable<ImageRecord> Model(IEnumerable<ImageRecord> records, ImageQuery query)
    {
        var found = records.Where(r =>
            (query.Status is null || r.Status == query.Status) && (query.Tag is null || r.AllTags().Contains(query.Tag))
            && (query.Archived is null || r.ArchivedAt is not null == query.Archived)
            && (query.From is null || r.UploadedAt >= query.From) && (query.To is null || r.UploadedAt < query.To)
            && (query.Text is null || query.Text.Split(' ').All(word => WordsOf(r).Any(w => w.StartsWith(word, StringComparison.OrdinalIgnoreCase))))
            && MetadataFits(r, query));
        return query.Sort switch
        {
            ImageSort.Newest => found.OrderByDescending(r => r.UploadedAt),
            ImageSort.Oldest => found.OrderBy(r => r.UploadedAt),
            ImageSort.Name => found.OrderBy(SortValue(query.Sort), StringComparer.Ordinal),
            ImageSort.Taken => found.OrderByDescending(r => r.TakenByClock).ThenByDescending(r => r.UploadedAt),
            _ => found.OrderByDescending(r => r.Bytes),
        };
    }

    private static string[] WordsOf(ImageRecord r) =>
        string.Join(' ', [r.Name, r.Analysis?.Caption, .. r.AllTags(), .. r.Analysis!.Text.Select(t => t.Text)]).Split([' ', '_', '.']);

    private static Func<ImageRecord, string> SortValue(ImageSort sort) => sort switch
    {
        ImageSort.Name => r => string.Concat(r.Name.Select(c => char.IsAsciiLetterUpper(c) ? (char)(c + 32) : c)),
        ImageSort.Largest => r => r.Bytes.ToString(CultureInfo.InvariantCulture),
        ImageSort.Taken => r => r.TakenByClock?.ToString("O", CultureInfo.InvariantCulture) ?? "",
        _ => r => r.UploadedAt.ToString("O", CultureInfo.InvariantCulture),
    };

    private static List<ImageRecord> Photos(int count) => [.. Mixed(count).Select((record, i) => record with
    {
        TakenAtLocal = i % 5 == 0 ? null : Taken.AddDays(i % 13), Metadata = i % 3 == 0 ? null : new ImageMetadata(Rating: i % 6 == 0 ? null : i % 6),
        Camera = (i % 4) switch { 0 => null, 1 => new CameraInfo("NIKON CORPORATION", "NIKON Z 6"), _ => new CameraInfo("Apple", $"iPhone {i % 17}") },
        Location = i % 2 == 0 ? null : new GeoLocation(48 + i % 5 * 0.05, 11.4 + i % 7 * 0.1),
    })];

    // As the values of Photos allow: words are divided by spaces.
    private static bool MetadataFits(ImageRecord r, ImageQuery query) =>
        (query.TakenFrom is null || r.TakenByClock >= query.TakenFrom) && (query.TakenTo is null || r.TakenByClock < query.TakenTo)
        && (query.MinRating is null || r.Metadata?.Rating >= query.MinRating)
        && (query.Camera is null || query.Camera.Split(' ').All(word => $"{r.Camera?.Make} {r.Camera?.Model}".Split(' ').Any(w => w.StartsWith(word, StringComparison.OrdinalIgnoreCase))))
        && (query.Area is not { } area || r.Location is { } place
            && place.Latitude >= area.South && place.Latitude <= area.North && place.Longitude >= area.West && place.Longitude <= area.East);
}
