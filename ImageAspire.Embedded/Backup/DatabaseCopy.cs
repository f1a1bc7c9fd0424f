using System.Globalization;
using ImageAspire.Core.Errors;
using ImageAspire.Embedded.Catalog;
using ImageAspire.Embedded.Files;
using ImageAspire.Embedded.Sqlite;
using ImageAspire.Embedded.Webhooks;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace ImageAspire.Embedded.Backup;

/// <summary>Copies a snapshot to a new file, page by page (sqlite.org/backup.html).</summary>
internal static class DatabaseCopy
{
    private const int PagesAtOnce = 1024; // 4 MiB; cancellation is checked in between

    /// <summary>Copies, releases the locks of running processes in the copy, and checks it; returns its schema version.</summary>
    /// <exception cref="BackupException">The database is damaged, or of a newer version.</exception>
    /// <exception cref="IOException">The disk is full, or fails.</exception>
    public static async Task<int> CopyAsync(StoreDatabase database, SqliteSession snapshot, string path, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await PrivateFiles.Create(path).DisposeAsync();
        await using (var target = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Pooling = false }.ToString()))
        {
            await target.OpenAsync(cancellationToken);
            try
            {
                Run(target, "PRAGMA synchronous=OFF"); // synced once, at the end
                await CopyPagesAsync(snapshot.Connection, target, cancellationToken);
                ReleaseLocks(database, target, now);
                Run(target, "PRAGMA journal_mode=DELETE"); // one file, without a write-ahead log
                Check(database, target);
                return Convert.ToInt32(Scalar(target, "PRAGMA user_version"), CultureInfo.InvariantCulture);
            }
            catch (SqliteException error) when (SqliteErrors.Translate(error, path) is StoreUnavailableException { Problem: not StoreProblem.Damaged } failure)
            {
                throw failure;
            }
            catch (SqliteException error)
            {
                throw new BackupException(BackupProblem.Damaged, $"{database.File} is damaged: {error.Message}. Run 'verify' for details.", error);
            }
        }
    }

    private static async Task CopyPagesAsync(SqliteConnection from, SqliteConnection to, CancellationToken cancellationToken)
    {
        using var backup = raw.sqlite3_backup_init(to.Handle!, "main", from.Handle!, "main");
        if (backup.IsInvalid)
            throw new SqliteException(raw.sqlite3_errmsg(to.Handle!).utf8_to_string(), raw.sqlite3_errcode(to.Handle!));
        while (true)
        {
            var result = raw.sqlite3_backup_step(backup, PagesAtOnce);
            if (result == raw.SQLITE_DONE)
                return;
            if (result != raw.SQLITE_OK)
                throw new SqliteException($"SQLite Error {result}: '{raw.sqlite3_errstr(result).utf8_to_string()}'", result);
            cancellationToken.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }

    // Locks and leases belong to processes that a restored store does not have. A delivery that was in progress does not count.
    private static void ReleaseLocks(StoreDatabase database, SqliteConnection copy, DateTimeOffset now)
    {
        var at = now.ToUnixTimeMilliseconds();
        if (database.File == MainDatabase.FileName)
        {
            Run(copy, "DELETE FROM listeners");
            Run(copy, $"UPDATE deliveries SET state=0, due_at={at}, lock_token=0, count=max(count-1, 0) WHERE state=1");
        }
        else if (database.File == WebhookSchema.FileName)
        {
            Run(copy, $"UPDATE deliveries SET lease=NULL, due={at} WHERE lease IS NOT NULL");
        }
    }

    private static void Check(StoreDatabase database, SqliteConnection copy)
    {
        if (Scalar(copy, "PRAGMA integrity_check(1)") is var found and not "ok")
            throw new BackupException(BackupProblem.Damaged, $"{database.File} is damaged: {found}. Run 'verify' for details; no backup is made of a damaged database.");
        var schema = Convert.ToInt32(Scalar(copy, "PRAGMA user_version"), CultureInfo.InvariantCulture);
        if (schema > database.Schema)
            throw new BackupException(BackupProblem.Newer, $"{database.File} has schema version {schema}; this version of ImageAspire supports only {database.Schema}. Use the newer one.");
    }

    private static void Run(SqliteConnection connection, string sql) => Scalar(connection, sql);

    private static object? Scalar(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteScalar();
    }
}
