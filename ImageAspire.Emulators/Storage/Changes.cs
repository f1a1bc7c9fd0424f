using MongoDB.Bson;

namespace ImageAspire.Emulators.Storage;

/// <summary>What changed in a collection, for the journal.</summary>
/// <param name="Namespace">Database and collection, with a dot in between.</param>
internal abstract record Change(string Namespace);

/// <summary>A document was inserted or changed.</summary>
internal sealed record DocumentPut(string Namespace, long Number, BsonDocument Document) : Change(Namespace);

/// <summary>A document was removed.</summary>
internal sealed record DocumentRemoved(string Namespace, long Number) : Change(Namespace);

/// <summary>The indexes of a collection, but that of ids, are these now.</summary>
internal sealed record IndexesChanged(string Namespace, IReadOnlyList<BsonDocument> Specifications) : Change(Namespace);

/// <summary>The collection was dropped.</summary>
internal sealed record CollectionDropped(string Namespace) : Change(Namespace);
