using System.Globalization;
using Microsoft.Data.Sqlite;

namespace ImageAspire.ServiceBusEmulator.Store;

/// <summary>Opens the file, and makes its tables.</summary>
internal static class SqliteSchema
{
    // The schema's version is in the file; another one is refused, never guessed at.
    private const long Version = 1;

    private const string Tables = """
        CREATE TABLE entities(number INTEGER PRIMARY KEY, kind INTEGER NOT NULL, path TEXT NOT NULL, settings TEXT NOT NULL);
        CREATE TABLE messages(queue INTEGER NOT NULL, sequence INTEGER NOT NULL, state INTEGER NOT NULL, deliveries INTEGER NOT NULL, enqueued_at INTEGER NOT NULL,
            enqueue_sequence INTEGER NOT NULL, source TEXT, content BLOB NOT NULL, PRIMARY KEY(queue, sequence)) WITHOUT ROWID;
        CREATE TABLE sessions(queue INTEGER NOT NULL, session TEXT NOT NULL, state BLOB NOT NULL, PRIMARY KEY(queue, session)) WITHOUT ROWID;
        CREATE TABLE duplicates(queue INTEGER NOT NULL, message_id TEXT NOT NULL, until INTEGER NOT NULL, PRIMARY KEY(queue, message_id)) WITHOUT ROWID;
        CREATE INDEX duplicates_until ON duplicates(queue, until);
        CREATE TABLE reserved(queue INTEGER PRIMARY KEY, sequence INTEGER NOT NULL);
        """;

    private const int Busy = 5;

    /// <exception cref="InvalidDataException">Another version of the emulator wrote the file.</exception>
    /// <exception cref="IOException">Another process has the file.</exception>
    public static SqliteConnection Open(string file)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = file, Pooling = false, DefaultTimeout = 1 }.ToString());
        try
        {
            connection.Open();
            Prepare(connection, file);
            return connection;
        }
        catch (SqliteException error) when (error.SqliteErrorCode == Busy)
        {
            connection.Dispose();
            throw new IOException($"{file} belongs to another emulator that runs. Stop it, or use another folder for --data.", error);
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    private static void Prepare(SqliteConnection connection, string file)
    {
        // One process owns the file: the lock is held, and a second process is refused at once.
        Run(connection, "PRAGMA locking_mode=EXCLUSIVE");
        Run(connection, "PRAGMA journal_mode=WAL");
        Run(connection, "PRAGMA synchronous=FULL");
        Run(connection, "PRAGMA wal_autocheckpoint=8000");
        Run(connection, "PRAGMA journal_size_limit=67108864");
        using var ask = connection.CreateCommand();
        ask.CommandText = "PRAGMA user_version";
        var version = Convert.ToInt64(ask.ExecuteScalar(), CultureInfo.InvariantCulture);
        if (version == 0)
            Run(connection, $"BEGIN IMMEDIATE; {Tables} PRAGMA user_version={Version}; COMMIT;");
        else if (version != Version)
            throw new InvalidDataException($"{file} has version {version} of the schema; this emulator reads version {Version}. Use another folder for --data, or delete the file.");
    }

    private static void Run(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // constants of this class
        command.CommandText = sql;
#pragma warning restore CA2100
        command.ExecuteNonQuery();
    }
}
