using System.Globalization;
using System.Text;
using ImageAspire.Azure.Mongo;
using ImageAspire.Core.Images;
using ImageAspire.Core.Paging;
using ImageAspire.Core.Ports;
using ImageAspire.Core.Stores;
using MongoDB.Bson;
using MongoDB.Driver;

namespace ImageAspire.Azure.Catalog;

/// <summary>
/// A query as a filter and a sort of MongoDB. Pages are keysets: a page begins after the sort value and id of the previous page's last
/// record, so that no page costs more than the first, and records that are added or removed meanwhile shift nothing.
/// </summary>
internal static class PageFilter
{
    private const int IdLength = 16;
    private static readonly FilterDefinitionBuilder<BsonDocument> Filter = Builders<BsonDocument>.Filter;

    /// <summary>The filter.</summary>
    /// <param name="query">The query.</param>
    /// <param name="words">The conditions of its text; null for none.</param>
    /// <param name="camera">The conditions of its camera; null for none.</param>
    /// <exception cref="InvalidCursorException">The cursor is not one of this query.</exception>
    public static FilterDefinition<BsonDocument> Of(ImageQuery query, IReadOnlyList<FilterDefinition<BsonDocument>>? words, IReadOnlyList<BsonRegularExpression>? camera = null)
    {
        List<FilterDefinition<BsonDocument>> conditions = [.. Conditions(query, words), .. MetadataFilter.Of(query, camera)];
        if (query.Cursor is null)
            return Filter.And(conditions);
        var position = OpaqueCursor.Read(query.Cursor, CatalogRules.FiltersOf(query));
        if (position.Length < IdLength)
            throw new InvalidCursorException();
        var id = new BsonBinaryData(new Guid(position.AsSpan(0, IdLength), bigEndian: true), GuidRepresentation.Standard);
        var value = Value(query.Sort, Encoding.UTF8.GetString(position.AsSpan(IdLength)));
        var (field, descending) = Order(query.Sort);
        var rest = Filter.And([.. conditions, Filter.Eq(field, value), descending ? Filter.Lt("_id", id) : Filter.Gt("_id", id)]);
        if (value.IsBsonNull)
            return rest; // images without a date are the last
        // Scans of one index that the server merges: the rest of the equal ones, then all that follow. One condition would scan all equal
        // ones again for each page, and cameras give thousands of files the same name. Nothing is less than a text but other texts.
        List<FilterDefinition<BsonDocument>> scans = [rest, Filter.And([.. conditions, descending ? Filter.Lt(field, value) : Filter.Gt(field, value)])];
        if (query.Sort == ImageSort.Taken && (query.TakenFrom ?? query.TakenTo) is null)
            scans.Add(Filter.And([.. conditions, Filter.Eq(field, BsonNull.Value)]));
        return Filter.Or(scans);
    }

    /// <summary>The sort; ids break ties.</summary>
    public static SortDefinition<BsonDocument> Sort(ImageSort sort)
    {
        var (field, descending) = Order(sort);
        var by = Builders<BsonDocument>.Sort;
        return descending ? by.Descending(field).Descending("_id") : by.Ascending(field).Ascending("_id");
    }

    /// <summary>The cursor of the page after a record.</summary>
    public static string Cursor(ImageQuery query, ImageRecord last)
    {
        var value = query.Sort switch
        {
            ImageSort.Name => ImageDocument.NameKey(last.Name),
            ImageSort.Largest => last.Bytes.ToString(CultureInfo.InvariantCulture),
            ImageSort.Taken => last.TakenByClock is { } taken ? ImageDocument.TakenKey(taken) : "",
            _ => last.UploadedAt.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture),
        };
        return OpaqueCursor.Write([.. last.Id.ToByteArray(bigEndian: true), .. Encoding.UTF8.GetBytes(value)], CatalogRules.FiltersOf(query));
    }

    private static List<FilterDefinition<BsonDocument>> Conditions(ImageQuery query, IReadOnlyList<FilterDefinition<BsonDocument>>? words)
    {
        // Both values instead of no condition: so the indexes, which begin with "archived", serve it, and tombstones, which have no value, are excluded.
        List<FilterDefinition<BsonDocument>> all =
            [query.Archived is { } archived ? Filter.Eq("find.archived", archived) : Filter.In("find.archived", [false, true])];
        if (query.Status is { } status)
            all.Add(Filter.Eq("image.status", StatusName(status)));
        if (query.Tag is { } tag)
            all.Add(Filter.Eq("find.tags", BsonValues.WellFormed(tag)));
        if (query.From is { } from)
            all.Add(Filter.Gte("image.uploadedAt", FirstAtOrAfter(from)));
        if (query.To is { } to)
            all.Add(Filter.Lt("image.uploadedAt", FirstAtOrAfter(to)));
        all.AddRange(words ?? []);
        return all;
    }

    /// <summary>A status as it is stored.</summary>
    public static string StatusName(ImageStatus status) => status.ToString().ToLowerInvariant();

    private static (string Field, bool Descending) Order(ImageSort sort) => sort switch
    {
        ImageSort.Oldest => ("image.uploadedAt", false),
        ImageSort.Name => ("find.name", false),
        ImageSort.Largest => ("image.bytes", true),
        ImageSort.Taken => (MetadataFilter.Taken, true),
        _ => ("image.uploadedAt", true),
    };

    private static BsonValue Value(ImageSort sort, string value)
    {
        if (sort is ImageSort.Name or ImageSort.Taken)
            return sort == ImageSort.Taken && value.Length == 0 ? BsonNull.Value : value;
        if (!long.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number))
            throw new InvalidCursorException();
        return sort == ImageSort.Largest ? new BsonInt64(number) : new BsonDateTime(number);
    }

    // Times are stored in milliseconds: a bound between two of them is rounded up.
    private static BsonDateTime FirstAtOrAfter(DateTimeOffset time) =>
        new(time.ToUnixTimeMilliseconds() + (time.UtcTicks % TimeSpan.TicksPerMillisecond == 0 ? 0 : 1));
}
