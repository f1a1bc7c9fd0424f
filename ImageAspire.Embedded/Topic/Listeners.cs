using ImageAspire.Core.Errors;
using ImageAspire.Embedded.Sqlite;

namespace ImageAspire.Embedded.Topic;

/// <summary>
/// The registered listeners: a row for each process, with its UDP port, and for each instance subscription, with the position that it has
/// read up to. A row that is not renewed expires.
/// </summary>
/// <param name="database">The topic's database.</param>
/// <param name="time">Clock.</param>
/// <param name="port">UDP port of this process; 0 for none.</param>
/// <param name="outages">Reports a database that is unavailable.</param>
internal sealed class Listeners(SqliteDatabase database, TimeProvider time, int port, OutageLog outages)
{
    /// <summary>How often a listener renews its row.</summary>
    public static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(30);

    /// <summary>Registers a listener, or renews its row.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="cursor">The position that an instance subscription has read up to; null for a process.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    public Task RegisterAsync(string id, long? cursor, CancellationToken cancellationToken) => database.WriteAsync(scope => scope.Session.Run("""
        INSERT INTO listeners(id, port, cursor, expires_at) VALUES(@1, @2, @3, @4)
        ON CONFLICT(id) DO UPDATE SET cursor=@3, expires_at=@4
        """, id, port, cursor, (time.GetUtcNow() + Lifetime).ToUnixTimeMilliseconds()), Durability.Process, cancellationToken);

    /// <summary>Removes a listener. When that cannot be written its row expires: a process must be able to end whatever the disk does.</summary>
    public async Task UnregisterAsync(string id)
    {
        try
        {
            await database.WriteAsync(scope => scope.Session.Run("DELETE FROM listeners WHERE id=@1", id), Durability.Process, CancellationToken.None);
        }
        catch (StoreUnavailableException error)
        {
            outages.Report(error);
        }
    }

    /// <summary>The UDP ports of all processes.</summary>
    public static List<int> Ports(SqliteSession session) => session.Query("SELECT DISTINCT port FROM listeners", row => row.GetInt32(0));
}
