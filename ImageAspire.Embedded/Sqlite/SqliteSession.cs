using System.Globalization;
using Microsoft.Data.Sqlite;

namespace ImageAspire.Embedded.Sqlite;

/// <summary>One connection and its prepared statements. Not thread-safe.</summary>
internal sealed class SqliteSession : IDisposable
{
    /// <summary>How long a lock is waited for. SQLite polls from 1 ms up; the driver alone would poll every 150 ms.</summary>
    public const string BusyTimeout = "PRAGMA busy_timeout=10000";

    // Statements are compiled once; rare combinations of filters must not fill the memory.
    private const int MaxStatements = 200;
    private readonly Dictionary<string, SqliteCommand> _statements = [];

    static SqliteSession() => NativeSqlite.Load();

    public SqliteSession(string path, bool readOnly)
    {
        Connection = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = path, Pooling = false, Mode = readOnly ? SqliteOpenMode.ReadWrite : SqliteOpenMode.ReadWriteCreate,
            // Seconds that the driver retries after SQLite has waited for a lock in vain; with the default of 30 an upload would hang.
            DefaultTimeout = 1,
        }.ToString());
        Connection.Open();
        Run(BusyTimeout);
        Run("PRAGMA journal_mode=WAL");
        Run("PRAGMA synchronous=FULL");
        Run("PRAGMA temp_store=MEMORY");
        // Not mapped into memory: several processes write the file, and a mapped page of one that another truncates ends the process.
        Run("PRAGMA mmap_size=0");
        Run("PRAGMA cache_size=" + (readOnly ? "-4096" : "-16384"));
        // A checkpoint makes one writer wait for two disk syncs. Every 32 MiB, instead of every 4, fewer than one write in a hundred does.
        Run("PRAGMA wal_autocheckpoint=8000");
        if (readOnly)
            Run("PRAGMA query_only=1");
    }

    private SqliteSession(SqliteConnection connection) => Connection = connection;

    public SqliteConnection Connection { get; }

    /// <summary>The version of the SQLite that this process has loaded.</summary>
    public static string LoadedVersion
    {
        get
        {
            using var connection = new SqliteConnection();
            return connection.ServerVersion;
        }
    }

    /// <summary>Opens a file that is not written meanwhile, without creating files beside it.</summary>
    public static SqliteSession OpenImmutable(string path)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = new Uri(path).AbsoluteUri + "?immutable=1", Pooling = false, Mode = SqliteOpenMode.ReadOnly,
        }.ToString());
        connection.Open();
        return new SqliteSession(connection);
    }

    /// <summary>Opens an existing file as it is: nothing about it is set.</summary>
    public static SqliteSession OpenPlain(string path)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Pooling = false, Mode = SqliteOpenMode.ReadWrite }.ToString());
        connection.Open();
        return new SqliteSession(connection);
    }

    /// <summary>A prepared statement with its parameters (<c>@1</c>, <c>@2</c>, …) bound in order. Null binds NULL.</summary>
    public SqliteCommand Prepare(string sql, params ReadOnlySpan<object?> values)
    {
        if (!_statements.TryGetValue(sql, out var command))
        {
            if (_statements.Count >= MaxStatements)
                DisposeStatements();
            command = Connection.CreateCommand();
            command.CommandText = sql;
            _statements.Add(sql, command);
        }

        while (command.Parameters.Count < values.Length)
            command.Parameters.Add(new SqliteParameter { ParameterName = "@" + (command.Parameters.Count + 1).ToString(CultureInfo.InvariantCulture) });
        for (var i = 0; i < values.Length; i++)
            command.Parameters[i].Value = values[i] ?? DBNull.Value;
        return command;
    }

    /// <summary>Runs a statement; returns the number of rows that it changed.</summary>
    public int Run(string sql, params ReadOnlySpan<object?> values) => Prepare(sql, values).ExecuteNonQuery();

    /// <summary>First column of the first row; null when there is none or it is NULL.</summary>
    public object? Scalar(string sql, params ReadOnlySpan<object?> values) => Prepare(sql, values).ExecuteScalar() is var v && v is DBNull ? null : v;

    /// <summary>Reads every row.</summary>
    public List<T> Query<T>(string sql, Func<SqliteDataReader, T> row, params ReadOnlySpan<object?> values)
    {
        using var reader = Prepare(sql, values).ExecuteReader();
        var rows = new List<T>();
        while (reader.Read())
            rows.Add(row(reader));
        return rows;
    }

    public void Dispose()
    {
        DisposeStatements();
        Connection.Dispose();
    }

    private void DisposeStatements()
    {
        foreach (var statement in _statements.Values)
            statement.Dispose();
        _statements.Clear();
    }
}
