using ImageAspire.Embedded.Sqlite;

namespace ImageAspire.Embedded.Catalog;

/// <summary>Tables of the catalog.</summary>
internal static class CatalogSchema
{
    /// <summary>Words are letters, digits and symbols such as emoji; case and accents are ignored.</summary>
    public const string Tokenizer = "unicode61 remove_diacritics 2 categories 'L* N* Co So'";

    /// <summary>
    /// <c>images.rowid</c> begins with the time of the upload (see <see cref="RecordKeys"/>), so that "newest first" is a scan of
    /// the primary key, and every index below implicitly ends with it. <c>archived</c> comes early in every index because
    /// almost every list leaves archived records out, and must not scan a million of them.
    /// </summary>
    public static readonly Migration Version1 = new($"""
        CREATE TABLE images(
            rowid INTEGER PRIMARY KEY,
            id BLOB NOT NULL UNIQUE,
            version INTEGER NOT NULL,
            status INTEGER NOT NULL,
            archived INTEGER NOT NULL,
            name TEXT NOT NULL COLLATE NOCASE,
            sha256 BLOB NOT NULL UNIQUE,
            bytes INTEGER NOT NULL,
            doc TEXT NOT NULL);
        CREATE INDEX images_archived ON images(archived);
        CREATE INDEX images_status ON images(status, archived);
        CREATE INDEX images_name ON images(archived, name);
        CREATE INDEX images_bytes ON images(archived, bytes);

        CREATE TABLE image_tags(
            tag TEXT NOT NULL,
            archived INTEGER NOT NULL,
            image INTEGER NOT NULL,
            PRIMARY KEY(tag, archived, image)) WITHOUT ROWID;

        CREATE TABLE tag_counts(tag TEXT PRIMARY KEY, count INTEGER NOT NULL) WITHOUT ROWID;
        CREATE TABLE status_counts(status INTEGER PRIMARY KEY, count INTEGER NOT NULL);

        CREATE VIRTUAL TABLE images_text USING fts5(
            words, columnsize=0, prefix='1 2 3',
            tokenize="{Tokenizer}");
        CREATE TABLE words(word TEXT PRIMARY KEY) WITHOUT ROWID;
        """);

    /// <summary>What the images of each uploader need; see <see cref="StoredBytes"/>.</summary>
    public static readonly Migration Version2 = new("""
        CREATE TABLE stored_bytes(uploader TEXT PRIMARY KEY, bytes INTEGER NOT NULL) WITHOUT ROWID;
        INSERT INTO stored_bytes(uploader, bytes) SELECT 'name ' || json_extract(doc, '$.uploadedBy'), SUM(bytes) FROM images WHERE json_valid(doc) GROUP BY 1;
        """);

    /// <summary>
    /// What lists filter by that comes from the files; see <see cref="MetadataIndex"/>. <c>taken</c> is in ticks of the clock there.
    /// Cameras are few: a condition on a camera's words becomes one on numbers.
    /// </summary>
    public static readonly Migration Version3 = new($"""
        CREATE TABLE image_metadata(
            image INTEGER PRIMARY KEY,
            archived INTEGER NOT NULL,
            taken INTEGER,
            rating INTEGER,
            camera INTEGER,
            latitude REAL,
            longitude REAL);
        CREATE TABLE cameras(id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
        CREATE VIRTUAL TABLE cameras_text USING fts5(words, content='', columnsize=0, prefix='1 2 3', tokenize="{Tokenizer}");
        """, MetadataIndex.Fill);

    /// <summary>
    /// Its indexes, after it is filled: so they are sorted once. That of <c>taken</c> has all images, which lists sort by it, and every
    /// column, so that other filters are tested on it. The others have the images with a value only.
    /// </summary>
    public static readonly Migration Version4 = new("""
        CREATE INDEX metadata_taken ON image_metadata(archived, taken, image, rating, camera, latitude, longitude);
        CREATE INDEX metadata_rating ON image_metadata(archived, rating) WHERE rating IS NOT NULL;
        CREATE INDEX metadata_camera ON image_metadata(archived, camera) WHERE camera IS NOT NULL;
        CREATE INDEX metadata_place ON image_metadata(archived, latitude, longitude) WHERE latitude IS NOT NULL;
        """);

    /// <summary>
    /// The trash. An image in it has a value of <c>archived</c> that no list asks for (<see cref="RecordKeys.Archived"/>), and a time, in
    /// milliseconds, at which it is purged.
    /// </summary>
    public static readonly Migration Version5 = new("""
        ALTER TABLE images ADD COLUMN purge_at INTEGER;
        CREATE INDEX images_trash ON images(purge_at) WHERE purge_at IS NOT NULL;
        """);
}
