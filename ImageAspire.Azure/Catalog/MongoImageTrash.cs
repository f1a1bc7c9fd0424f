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
/// The images in the trash, by a field and an index that only they have: <c>find.trash</c>, a text of the time of the purge and the id. One field
/// and not two, because a sparse index with the id would have every image.
/// </summary>
internal sealed class MongoImageTrash(IMongoDatabase database) : IImageTrash
{
    /// <summary>Name of the field below <c>find</c>, and its path.</summary>
    public const string Field = "trash", Path = "find." + Field;

    private static readonly FilterDefinitionBuilder<BsonDocument> Filter = Builders<BsonDocument>.Filter;
    private readonly IMongoCollection<BsonDocument> _images = database.GetCollection<BsonDocument>(ImageDocument.Collection);

    /// <summary>The place of an image among all that are in the trash.</summary>
    public static string KeyOf(DateTimeOffset purgeAt, Guid id) => $"{UtcTimeConverter.Format(purgeAt)} {id:D}";

    /// <inheritdoc />
    public async Task<ImagePage> ListAsync(TrashQuery query, CancellationToken cancellationToken)
    {
        CatalogRules.Check(query);
        // Nothing is less than a text but other texts: what is not in the trash has none.
        var before = query.Cursor is null ? query.DueAt is { } due ? UtcTimeConverter.Format(due.AddMilliseconds(1)) : "a"
            : Encoding.UTF8.GetString(OpaqueCursor.Read(query.Cursor, CatalogRules.FiltersOf(query)));
        var found = await MongoErrors.TranslateAsync(() => _images.Find(Filter.Lt(Path, before), MongoQueries.PageOptions(query.Limit))
            .Sort(Builders<BsonDocument>.Sort.Descending(Path)).Limit(query.Limit + 1).Project<BsonDocument>(ImageDocument.RecordOnly).ToListAsync(cancellationToken));
        var items = found.Take(query.Limit).Select(ImageDocument.Record).OfType<ImageRecord>().ToList();
        return new ImagePage(items, found.Count > query.Limit ? Cursor(query, items[^1]) : null);
    }

    private static string Cursor(TrashQuery query, ImageRecord last) =>
        OpaqueCursor.Write(Encoding.UTF8.GetBytes(KeyOf(last.PurgeAt!.Value, last.Id)), CatalogRules.FiltersOf(query));
}
