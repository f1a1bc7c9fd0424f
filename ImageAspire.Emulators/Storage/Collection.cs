using ImageAspire.Emulators.Aggregation;
using ImageAspire.Emulators.Filters;
using ImageAspire.Emulators.Values;
using MongoDB.Bson;

namespace ImageAspire.Emulators.Storage;

/// <summary>What a write made of a document.</summary>
/// <param name="Before">As it was.</param>
/// <param name="After">As it is; null when it was removed.</param>
/// <param name="IsModified">Whether anything differs.</param>
internal sealed record Modification(BsonDocument Before, BsonDocument? After, bool IsModified);

/// <summary>Which documents a write changes.</summary>
/// <param name="Filter">Those that pass this.</param>
/// <param name="Sort">In this order.</param>
/// <param name="All">All of them, or the first.</param>
internal sealed record Selection(BsonDocument Filter, BsonDocument Sort, bool All);

/// <summary>
/// The documents of a collection in the order in which they were inserted, and its indexes. Stored documents never change, they are replaced: what was found
/// may be read without a lock. Each write is one step; it is in the journal before others see it.
/// </summary>
/// <param name="ns">Database and collection, with a dot in between.</param>
/// <param name="log">Where changes go.</param>
internal sealed class Collection(string ns, ChangeLog log)
{
    private readonly Lock _lock = new();
    private readonly SortedDictionary<long, BsonDocument> _documents = [];
    private readonly CollectionIndexes _indexes = new(ns);
    private long _last;

    /// <summary>Database and collection, with a dot in between.</summary>
    public string Namespace => ns;

    /// <summary>Whether anything was ever written since it was dropped.</summary>
    public bool Exists { get; private set; }

    /// <summary>The specifications of its indexes.</summary>
    public IReadOnlyList<BsonDocument> Indexes
    {
        get
        {
            lock (_lock)
                return _indexes.Specifications;
        }
    }

    /// <summary>The documents that pass a filter, in the order in which they were inserted.</summary>
    /// <param name="filter">The filter.</param>
    /// <param name="most">No more than this.</param>
    public List<BsonDocument> Find(BsonDocument filter, int most = int.MaxValue)
    {
        var passes = Filter.Of(filter);
        lock (_lock)
            return [.. Candidates(filter).Select(one => one.Value).Where(one => passes(one)).Take(most)];
    }

    /// <summary>Inserts a document.</summary>
    /// <exception cref="CommandException">A unique index refuses it, or it is no document that can be stored.</exception>
    public void Insert(BsonDocument document, RetriedStatement? done = null)
    {
        DocumentRules.CheckNew(document);
        lock (_lock)
            Put(_last + 1, document, done);
    }

    /// <summary>Changes or removes documents.</summary>
    /// <param name="selection">Which.</param>
    /// <param name="change">The document after; null to remove it.</param>
    /// <param name="done">The statement that does this, when it is one that is not done twice.</param>
    /// <exception cref="CommandException">A unique index refuses a document, or it is too large.</exception>
    public List<Modification> Modify(Selection selection, Func<BsonDocument, BsonDocument?> change, Func<Modification, RetriedStatement?> done)
    {
        var passes = Filter.Of(selection.Filter);
        lock (_lock)
        {
            var found = Candidates(selection.Filter).Where(one => passes(one.Value));
            if (selection.Sort.ElementCount > 0)
                found = DocumentSort.By(selection.Sort, found, one => one.Value);
            return [.. found.Take(selection.All ? int.MaxValue : 1).ToList().Select(one => Modify(one.Key, one.Value, change(one.Value), done))];
        }
    }

    /// <summary>Makes an index; nothing happens when it is there.</summary>
    /// <exception cref="CommandException">It is in conflict with another one, or with the documents.</exception>
    public void CreateIndex(IndexDefinition index)
    {
        lock (_lock)
        {
            if (!_indexes.TryCreate(index, _documents, out var added))
                return;
            log.Add(new IndexesChanged(ns, [.. _indexes.Own, index.Specification]));
            _indexes.Add(added);
            Exists = true;
        }
    }

    /// <summary>Drops an index by its name, or with "*" all but that of ids.</summary>
    /// <exception cref="CommandException">There is none.</exception>
    public void DropIndexes(string name)
    {
        lock (_lock)
        {
            _indexes.Drop(name);
            log.Add(new IndexesChanged(ns, _indexes.Own));
        }
    }

    /// <summary>Removes documents and indexes.</summary>
    public void Drop()
    {
        lock (_lock)
        {
            log.Add(new CollectionDropped(ns));
            _documents.Clear();
            _indexes.Clear();
            Exists = false;
        }
    }

    /// <summary>Removes the documents whose time has come.</summary>
    public void RemoveExpired(DateTimeOffset now)
    {
        lock (_lock)
        {
            foreach (var (number, document) in _documents.Where(one => _indexes.IsExpired(one.Value, now)).ToList())
                Modify(number, document, null, _ => null);
        }
    }

    /// <summary>Fills a new collection with what a journal says of it, which is not logged again.</summary>
    public void Load(IReadOnlyDictionary<long, BsonDocument> documents, IReadOnlyList<BsonDocument> indexes)
    {
        lock (_lock)
        {
            foreach (var (number, document) in documents)
            {
                _indexes.Add(document, number);
                _documents.Add(number, document);
                _last = Math.Max(_last, number);
            }

            foreach (var index in indexes)
            {
                if (_indexes.TryCreate(new IndexDefinition(index), _documents, out var added))
                    _indexes.Add(added);
            }

            Exists = true;
        }
    }

    // By a unique index when the filter compares its field for equality; else all.
    private SortedDictionary<long, BsonDocument> Candidates(BsonDocument filter)
    {
        foreach (var equality in FilterEqualities.Of(filter))
        {
            if (_indexes.Lookup(equality, out var number))
                return number is { } one ? new SortedDictionary<long, BsonDocument> { [one] = _documents[one] } : [];
        }

        return _documents;
    }

    private Modification Modify(long number, BsonDocument before, BsonDocument? after, Func<Modification, RetriedStatement?> done)
    {
        var modification = new Modification(before, after, after is null || DocumentRules.Differ(before, after));
        if (after is null)
        {
            log.Add(new DocumentRemoved(ns, number), done(modification));
            _indexes.Remove(before);
            _documents.Remove(number);
        }
        else if (modification.IsModified)
        {
            Put(number, after, done(modification), before);
        }

        return modification;
    }

    private void Put(long number, BsonDocument document, RetriedStatement? done, BsonDocument? before = null)
    {
        _indexes.Check(document, number);
        log.Add(new DocumentPut(ns, number, document), done);
        if (before is not null)
            _indexes.Remove(before);
        _indexes.Add(document, number);
        _documents[number] = document;
        _last = Math.Max(_last, number);
        Exists = true;
    }
}
