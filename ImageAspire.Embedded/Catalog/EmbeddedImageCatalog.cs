using System.Globalization;
using System.Text.Json;
using ImageAspire.Core.Events;
using ImageAspire.Core.Failpoints;
using ImageAspire.Core.Images;
using ImageAspire.Core.Json;
using ImageAspire.Core.Lifecycle;
using ImageAspire.Core.Ports;
using ImageAspire.Core.Stores;
using ImageAspire.Embedded.Sqlite;
using ImageAspire.Embedded.Topic;

namespace ImageAspire.Embedded.Catalog;

/// <summary>The catalog on SQLite: JSON documents, with columns for what they are found by. Safe for several processes on one file.</summary>
internal sealed class EmbeddedImageCatalog(SqliteDatabase database, IEventAppender appender) : IImageCatalog
{
    /// <summary>Up to how many matches a filter's own index is used whatever the order.</summary>
    public int Narrow { get; init; } = PageStart.UsualNarrow;

    public Task<ImageRecord?> GetWithTrashAsync(Guid id, CancellationToken cancellationToken) =>
        database.ReadAsync(session => One(session, "SELECT doc FROM images WHERE id=@1", RecordKeys.Id(id)), cancellationToken);

    public Task<ImageRecord?> FindAsync(string sha256, CancellationToken cancellationToken) => RecordKeys.Digest(sha256) is { } digest
        ? database.ReadAsync(session => One(session, "SELECT doc FROM images WHERE sha256=@1", digest), cancellationToken)
        : Task.FromResult<ImageRecord?>(null);

    public async Task<IReadOnlyList<CommitResult>> CommitAsync(IReadOnlyList<Transition> transitions, CancellationToken cancellationToken)
    {
        if (transitions.Count == 0)
            return [];
        CatalogRules.Check(transitions);
        // Serialised here, in parallel, and not on the writer's thread.
        var documents = transitions.Select(transition => transition.After is null ? null : JsonSerializer.SerializeToUtf8Bytes(transition.After, CoreJson.Default.ImageRecord)).ToList();
        return transitions.Any(transition => transition.After is null or { DeletedAt: not null })
            ? await database.WriteWithReserveAsync(scope => Commit(scope, transitions, documents), cancellationToken)
            : await database.WriteAsync(scope => Commit(scope, transitions, documents), Durability.Disk, cancellationToken);
    }

    public Task<ImagePage> QueryAsync(ImageQuery query, CancellationToken cancellationToken)
    {
        CatalogRules.Check(query);
        var after = query.Cursor is null ? null : KeysetCursor.Read(query.Cursor, CatalogRules.FiltersOf(query));
        var words = string.IsNullOrWhiteSpace(query.Text) ? null : SearchText.QueryWords(query.Text);
        var camera = string.IsNullOrWhiteSpace(query.Camera) ? null : SearchText.QueryWords(query.Camera);
        if (words is [] || camera is [])
            return Task.FromResult(new ImagePage([], null)); // punctuation only: no record has such a word
        return database.ReadAsync(session => Page(session, query, words, camera, after), cancellationToken);
    }

    public Task<IReadOnlyList<FacetCount>> CountAsync(Facet facet, int limit, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(limit, 1000);
        return database.ReadAsync<IReadOnlyList<FacetCount>>(session => facet == Facet.Tag
            ? session.Query("SELECT tag, count FROM tag_counts ORDER BY count DESC, tag LIMIT @1",
                row => new FacetCount(row.GetString(0), row.GetInt64(1)), limit)
            : session.Query("SELECT status, count FROM status_counts WHERE count>0 ORDER BY count DESC, status LIMIT @1",
                row => new FacetCount(StatusName((ImageStatus)row.GetInt32(0)), row.GetInt64(1)), limit), cancellationToken);
    }

    private CommitResult[] Commit(WriteScope scope, IReadOnlyList<Transition> transitions, List<byte[]?> documents)
    {
        var writer = new CatalogWriter(scope.Session);
        var results = new CommitResult[transitions.Count];
        var events = new List<ImageEvent>(transitions.Count);
        for (var i = 0; i < transitions.Count; i++)
        {
            results[i] = writer.Apply(transitions[i], documents[i]);
            if (results[i] == CommitResult.Applied)
                events.AddRange(transitions[i].Events);
        }

        Failpoint.Hit(FailpointNames.CatalogWritten);
        if (events.Count > 0)
            appender.Append(scope, events);
        return results;
    }

    private ImagePage Page(SqliteSession session, ImageQuery query, IReadOnlyList<string>? words, IReadOnlyList<string>? camera, KeysetCursor? after)
    {
        var match = words is null ? null : SearchWords.ToMatch(session, words);
        var (sql, values) = new PageQuery(session, query, match, camera is null ? null : SearchWords.ToCameraMatch(camera)) { Narrow = Narrow }.Build(after);
        var rows = session.Query(sql, row => (
            Cursor: new KeysetCursor(row.GetInt64(0), row.IsDBNull(1) ? "" : row.GetString(1)), Record: CatalogWriter.ReadDocument(row, 2)), values);
        var items = rows.Take(query.Limit).Select(row => row.Record).ToList();
        return new ImagePage(items, rows.Count > query.Limit ? rows[query.Limit - 1].Cursor.Write(CatalogRules.FiltersOf(query)) : null);
    }

    private static ImageRecord? One(SqliteSession session, string sql, byte[] key)
    {
        using var row = session.Prepare(sql, key).ExecuteReader();
        return row.Read() ? CatalogWriter.ReadDocument(row, 0) : null;
    }

    private static string StatusName(ImageStatus status) => status.ToString().ToLower(CultureInfo.InvariantCulture);
}
