using Microsoft.Data.Sqlite;

namespace ImageAspire.ServiceBusEmulator.Store;

/// <summary>Reads everything, at the start.</summary>
internal static class SqliteReader
{
    public static StoredState Load(SqliteConnection connection) => new(
        [.. Rows(connection, "SELECT number, kind, path, settings FROM entities ORDER BY number",
            row => new StoredEntity(row.GetInt64(0), row.GetInt32(1), row.GetString(2), row.GetString(3)))],
        Rows(connection, "SELECT queue, sequence, content, state, deliveries, enqueued_at, enqueue_sequence, source FROM messages ORDER BY queue, sequence",
            row => new StoredMessage(row.GetInt64(0), row.GetInt64(1), row.GetFieldValue<byte[]>(2), row.GetInt32(3), row.GetInt32(4), row.GetInt64(5), row.GetInt64(6),
                row.IsDBNull(7) ? null : row.GetString(7))),
        [.. Rows(connection, "SELECT queue, session, state FROM sessions", row => new StoredSession(row.GetInt64(0), row.GetString(1), row.GetFieldValue<byte[]>(2)))],
        [.. Rows(connection, "SELECT queue, message_id, until FROM duplicates ORDER BY until", row => new StoredDuplicate(row.GetInt64(0), row.GetString(1), row.GetInt64(2)))],
        Rows(connection, "SELECT queue, sequence FROM reserved", row => (Queue: row.GetInt64(0), Sequence: row.GetInt64(1))).ToDictionary(row => row.Queue, row => row.Sequence));

    private static IEnumerable<T> Rows<T>(SqliteConnection connection, string sql, Func<SqliteDataReader, T> read)
    {
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // constants of this class
        command.CommandText = sql;
#pragma warning restore CA2100
        using var rows = command.ExecuteReader();
        while (rows.Read())
            yield return read(rows);
    }
}
