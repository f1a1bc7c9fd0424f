using ImageAspire.Core.Images;
using ImageAspire.Core.Lifecycle;
using ImageAspire.Core.Ports;
using MongoDB.Bson;
using MongoDB.Driver;

namespace ImageAspire.Azure.Catalog;

/// <summary>
/// Applies moves in their order, each as one write of one document: record and event become durable together or not at all. Several
/// moves are not one write: when the server goes away in the middle, those before stand, with their events. That is safe
/// because moves are independent, an upload that is sent again is told from a new one by its digest, and stages look at the version.
/// </summary>
internal sealed class CatalogWriter(IMongoCollection<BsonDocument> images, OutboxQueue queue, TimeProvider time)
{
    public async Task<IReadOnlyList<CommitResult>> ApplyAsync(IReadOnlyList<Transition> moves, CancellationToken cancellationToken)
    {
        var results = new List<CommitResult>(moves.Count);
        while (results.Count < moves.Count)
        {
            var inserts = NextInserts(moves, results.Count);
            if (inserts.Count > 0)
                results.AddRange(await InsertAsync(inserts, cancellationToken));
            else
                results.Add(await ChangeAsync(moves[results.Count], cancellationToken));
        }

        return results;
    }

    // As many new images in a row as can go in one call whose writes have no order: no digest and no id twice.
    private static List<Transition> NextInserts(IReadOnlyList<Transition> moves, int from)
    {
        var digests = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        var ids = new HashSet<Guid>();
        return [.. moves.Skip(from).TakeWhile(move =>
            move is { Before: null, After: { } after } && digests.Add(after.Sha256) && ids.Add(after.Id))];
    }

    private async Task<CommitResult[]> InsertAsync(List<Transition> moves, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var refused = new HashSet<int>();
        try
        {
            await images.BulkWriteAsync(moves.Select(move => new InsertOneModel<BsonDocument>(ImageDocument.Of(move.After!, move.Event, now))),
                new BulkWriteOptions { IsOrdered = false }, cancellationToken);
        }
        catch (MongoBulkWriteException<BsonDocument> error) when (error.WriteConcernError is null
            && error.WriteErrors.Count > 0 && error.WriteErrors.All(e => e.Category == ServerErrorCategory.DuplicateKey))
        {
            refused.UnionWith(error.WriteErrors.Select(e => e.Index));
        }

        var results = new CommitResult[moves.Count];
        for (var i = 0; i < moves.Count; i++)
        {
            if (refused.Contains(i))
                results[i] = await WhyRefusedAsync(moves[i].After!, cancellationToken);
            else
                queue.Offer(moves[i].Event);
        }

        return results;
    }

    // Which unique index refused is told only by the text of an error; a look says it for sure.
    private async Task<CommitResult> WhyRefusedAsync(ImageRecord record, CancellationToken cancellationToken)
    {
        if (await images.Find(ImageDocument.ByDigest(record.Sha256)).AnyAsync(cancellationToken))
            return CommitResult.Duplicate;
        return await images.Find(ImageDocument.ById(record.Id)).AnyAsync(cancellationToken) ? CommitResult.Stale : CommitResult.Duplicate; // deleted since
    }

    private async Task<CommitResult> ChangeAsync(Transition move, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var change = move.After is { } after ? ImageDocument.Change(after, move.Event, now) : ImageDocument.Removal(move.Event, now);
        var result = await images.UpdateOneAsync(ImageDocument.Expected(move.Before!), change, options: null, cancellationToken);
        if (result.MatchedCount == 0)
            return CommitResult.Stale;
        queue.Offer(move.Event);
        return CommitResult.Applied;
    }
}
