namespace ImageAspire.Embedded.Sqlite;

/// <summary>One step of a schema's history. Steps are only ever added; the number of applied steps is the file's <c>user_version</c>.</summary>
/// <param name="Sql">Statements, run inside the migration's transaction.</param>
/// <param name="Then">What SQL cannot do, after them in the same transaction.</param>
internal sealed record Migration(string Sql, Action<SqliteSession>? Then = null);
