using ImageAspire.Embedded.Files;
using ImageAspire.Embedded.Sqlite;

namespace ImageAspire.Embedded.ApiKeys;

/// <summary>Tables of the API keys and of spent tokens, in a file of their own.</summary>
internal static class ApiKeySchema
{
    /// <summary>Times are milliseconds since 1970. A revoked key has a revoked_at and no live_name, so that its name can be used again.</summary>
    public static readonly Migration Version1 = new("""
        CREATE TABLE keys(
            id BLOB PRIMARY KEY,
            version INTEGER NOT NULL,
            live_name TEXT UNIQUE,
            revoked_at INTEGER,
            data TEXT NOT NULL) WITHOUT ROWID;
        CREATE INDEX keys_revoked ON keys(revoked_at) WHERE revoked_at IS NOT NULL;
        CREATE TABLE uses(id BLOB PRIMARY KEY, at INTEGER NOT NULL) WITHOUT ROWID;
        CREATE TABLE revision(one INTEGER PRIMARY KEY CHECK(one=1), number INTEGER NOT NULL);
        INSERT INTO revision VALUES(1, 1);
        """);

    /// <summary>Tokens that were used up before they expired, which is at <c>until</c>.</summary>
    public static readonly Migration Version2 = new("""
        CREATE TABLE spent_tokens(id BLOB PRIMARY KEY, until INTEGER NOT NULL) WITHOUT ROWID;
        CREATE INDEX spent_tokens_until ON spent_tokens(until);
        """);

    /// <summary>Name of the file.</summary>
    public const string FileName = "keys.db";

    /// <summary>Steps are only ever added at the end.</summary>
    public static readonly IReadOnlyList<Migration> Migrations = [Version1, Version2];

    /// <summary>Opens the file in a data folder. It holds hashes of keys, so only this user can read it.</summary>
    public static SqliteDatabase Open(DataFolder folder) => SqliteDatabase.Open(folder.PrivateFile(FileName), Migrations);
}
