using ImageAspire.Core.Images;
using ImageAspire.Core.Lifecycle;
using ImageAspire.Core.Ports;
using MongoDB.Bson;
using MongoDB.Driver;

namespace ImageAspire.Azure.Catalog;

/// <summary>
/// Applies transitions in order, each as one write of one document: record and event become durable together or not at all. Several
/// transitions are not one write: when the server fails half-way, the earlier ones stand, with their events. That is safe because
/// transitions are independent, a repeated upload is recognised by its digest, and stages check the version.
/// </summary>
internal sealed class CatalogWriter(IMongoCollection<BsonDocument> images, OutboxQueue queue, TimeProvider time)
{
    /// <summary>Applies transitions; one result for each, in order.</summary>
    public async Task<IReadOnlyList<CommitResult>> ApplyAsync(IReadOnlyList<Transition> transitions, CancellationToken cancellationToken)
    {
        var results = new List<CommitResult>(transitions.Count);
        while (results.Count < transitions.Count)
        {
            var inserts = NextInserts(transitions, results.Count);
            if (inserts.Count > 0)
                results.AddRange(await InsertAsync(inserts, cancellationToken));
            else
                results.Add(await ChangeAsync(transitions[results.Count], cancellationToken));
        }

        return results;
    }

    // The next new images that fit in one unordered bulk write: no digest and no id twice.
    private static List<Transition> NextInserts(IReadOnlyList<Transition> transitions, int from)
    {
        var digests = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        var ids = new HashSet<Guid>();
        return [.. transitions.Skip(from).TakeWhile(transition =>
            transition is { Before: null, After: { } after } && digests.Add(after.Sha256) && ids.Add(after.Id))];
    }

    private async Task<CommitResult[]> InsertAsync(List<Transition> transitions, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var refused = new HashSet<int>();
        try
        {
            await images.BulkWriteAsync(transitions.Select(transition => new InsertOneModel<BsonDocument>(ImageDocument.Of(transition.After!, transition.Events, now, transition.Vectors))),
                new BulkWriteOptions { IsOrdered = false }, cancellationToken);
        }
        catch (MongoBulkWriteException<BsonDocument> error) when (error.WriteConcernError is null
            && error.WriteErrors.Count > 0 && error.WriteErrors.All(e => e.Category == ServerErrorCategory.DuplicateKey))
        {
            refused.UnionWith(error.WriteErrors.Select(e => e.Index));
        }

        var results = new CommitResult[transitions.Count];
        for (var i = 0; i < transitions.Count; i++)
        {
            if (refused.Contains(i))
                results[i] = await ExplainRefusalAsync(transitions[i].After!, cancellationToken);
            else
                Enqueue(transitions[i]);
        }

        return results;
    }

    // Only the text of the error names the unique index that refused; a query is certain.
    private async Task<CommitResult> ExplainRefusalAsync(ImageRecord record, CancellationToken cancellationToken)
    {
        if (await images.Find(ImageDocument.ByDigest(record.Sha256)).AnyAsync(cancellationToken))
            return CommitResult.Duplicate;
        return await images.Find(ImageDocument.ById(record.Id)).AnyAsync(cancellationToken) ? CommitResult.Stale : CommitResult.Duplicate; // deleted meanwhile
    }

    private async Task<CommitResult> ChangeAsync(Transition transition, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var change = transition.After is { } after ? ImageDocument.Change(after, transition.Events, now, transition.Vectors) : ImageDocument.Removal(transition.Events, now);
        var result = await images.UpdateOneAsync(ImageDocument.Expected(transition.Before!), change, options: null, cancellationToken);
        if (result.MatchedCount == 0)
            return CommitResult.Stale;
        Enqueue(transition);
        return CommitResult.Applied;
    }

    private void Enqueue(Transition transition)
    {
        foreach (var e in transition.Events)
            queue.TryAdd(e);
    }
}
