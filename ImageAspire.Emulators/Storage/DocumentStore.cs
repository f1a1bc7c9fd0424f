using System.Collections.Concurrent;

namespace ImageAspire.Emulators.Storage;

/// <summary>All collections of all databases.</summary>
/// <param name="log">Where changes go.</param>
internal sealed class DocumentStore(ChangeLog log)
{
    private readonly ConcurrentDictionary<string, Collection> _collections = [];

    /// <summary>A collection, which exists from the first write on.</summary>
    /// <param name="ns">Database and collection, with a dot in between.</param>
    public Collection Open(string ns) => _collections.GetOrAdd(ns, name => new Collection(name, log));

    /// <summary>The collections that exist.</summary>
    /// <param name="database">Of this database only; null for all.</param>
    public IEnumerable<Collection> Existing(string? database = null) => _collections.Values
        .Where(one => one.Exists && (database is null || one.Namespace.StartsWith(database + ".", StringComparison.Ordinal)))
        .OrderBy(one => one.Namespace, StringComparer.Ordinal);

    /// <summary>Removes the documents whose time has come.</summary>
    public void RemoveExpired(DateTimeOffset now)
    {
        foreach (var collection in Existing())
            collection.RemoveExpired(now);
    }
}
