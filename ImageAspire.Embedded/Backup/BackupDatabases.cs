using ImageAspire.Embedded.Sqlite;

namespace ImageAspire.Embedded.Backup;

/// <summary>The databases of a backup, opened at first use, read-only.</summary>
/// <param name="backup">Its folder.</param>
internal sealed class BackupDatabases(string backup) : IDisposable
{
    private readonly Dictionary<string, SqliteSession> _open = [];

    /// <summary>A session on a database; null when it is not in the backup.</summary>
    public SqliteSession? Of(string file)
    {
        var path = Path.Combine(backup, file);
        if (!_open.TryGetValue(file, out var session) && File.Exists(path))
            _open[file] = session = SqliteSession.OpenImmutable(path);
        return session;
    }

    public void Dispose()
    {
        foreach (var session in _open.Values)
            session.Dispose();
    }
}
