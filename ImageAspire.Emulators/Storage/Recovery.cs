using MongoDB.Bson;

namespace ImageAspire.Emulators.Storage;

/// <summary>Opens a data folder: what the last run's journal says, written anew as one snapshot.</summary>
internal static class Recovery
{
    /// <summary>Opens the journal of a folder, and the store with all that is in it.</summary>
    /// <param name="folder">The folder; null: nothing is kept.</param>
    /// <param name="retried">Gets the statements that are not done twice.</param>
    /// <exception cref="IOException">Another process has the folder.</exception>
    public static (DocumentStore Store, Journal? Journal) Open(string? folder, RetriedWrites retried)
    {
        if (folder is null)
            return (new DocumentStore(new ChangeLog(null, retried)), null);
        var journal = new Journal(folder);
        var states = new Dictionary<string, State>();
        foreach (var record in journal.Read())
        {
            if (JournalRecord.Change(record) is { } change)
                Apply(states, change);
            if (JournalRecord.Statement(record) is { } done)
                retried.Remember(done);
        }

        journal.Rewrite(Snapshot(states, retried));
        var store = new DocumentStore(new ChangeLog(journal, retried));
        foreach (var (ns, state) in states)
            store.Open(ns).Load(state.Documents, state.Indexes);
        return (store, journal);
    }

    private static void Apply(Dictionary<string, State> states, Change change)
    {
        var state = states.TryGetValue(change.Namespace, out var there) ? there : states[change.Namespace] = new State();
        switch (change)
        {
            case DocumentPut put:
                state.Documents[put.Number] = put.Document;
                break;
            case DocumentRemoved removed:
                state.Documents.Remove(removed.Number);
                break;
            case IndexesChanged indexes:
                state.Indexes = indexes.Specifications;
                break;
            default:
                states.Remove(change.Namespace);
                break;
        }
    }

    private static IEnumerable<BsonDocument> Snapshot(Dictionary<string, State> states, RetriedWrites retried)
    {
        var indexes = states.Select(one => (Change)new IndexesChanged(one.Key, one.Value.Indexes));
        var documents = states.SelectMany(one => one.Value.Documents.Select(document => new DocumentPut(one.Key, document.Key, document.Value)));
        return indexes.Concat(documents).Select(change => JournalRecord.Write(change, done: null)).Concat(retried.All.Select(done => JournalRecord.Write(change: null, done)));
    }

    private sealed class State
    {
        public SortedDictionary<long, BsonDocument> Documents { get; } = [];

        public IReadOnlyList<BsonDocument> Indexes { get; set; } = [];
    }
}
