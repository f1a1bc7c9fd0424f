using ImageAspire.Embedded.Sqlite;

namespace ImageAspire.Embedded.Vectors;

/// <summary>Tables of the images' vectors.</summary>
internal static class VectorSchema
{
    /// <summary>
    /// Each vector in one signed byte for each number, clustered by its model in the order in which they came: an index in memory reads
    /// what is new after a sequence number. <c>last</c> never goes back, <c>count</c> is how many there are now.
    /// </summary>
    public static readonly Migration Version1 = new("""
        CREATE TABLE vector_models(
            id INTEGER PRIMARY KEY,
            kind INTEGER NOT NULL,
            name TEXT NOT NULL,
            length INTEGER NOT NULL,
            last INTEGER NOT NULL,
            count INTEGER NOT NULL,
            UNIQUE(kind, name, length));
        CREATE TABLE vectors(
            model INTEGER NOT NULL,
            sequence INTEGER NOT NULL,
            image INTEGER NOT NULL,
            numbers BLOB NOT NULL,
            PRIMARY KEY(model, sequence)) WITHOUT ROWID;
        CREATE INDEX vectors_image ON vectors(image);
        """, VectorTable.FillHashes);
}
