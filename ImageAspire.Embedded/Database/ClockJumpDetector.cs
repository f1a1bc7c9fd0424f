namespace ImageAspire.Embedded.Database;

/// <summary>
/// Notices that the system's clock was set back, so that what was to happen in ten seconds does not happen in a day and ten seconds. Times
/// in a store must mean the same to all processes and after a restart, so they are the clock's; a row remembers the latest that was seen.
/// </summary>
internal static class ClockJumpDetector
{
    /// <summary>The row's table.</summary>
    public const string Table = "CREATE TABLE clock(id INTEGER PRIMARY KEY, seen_at INTEGER NOT NULL); INSERT INTO clock(id, seen_at) VALUES(1, 0);";

    // Clocks that are corrected bit by bit do not go back; less than this is not worth a line in the log.
    private const long Tolerance = 1000;

    /// <summary>By how many milliseconds it was set back since the last look, and who looks first has to deal with it; 0 when it was not. Inside the writer's transaction.</summary>
    public static long Take(SqliteSession session, long now)
    {
        var back = Look(session, now);
        session.Run("UPDATE clock SET seen_at=@1 WHERE id=1 AND seen_at<>@1", now);
        return back;
    }

    /// <summary>The same, without taking notice; it needs no lock.</summary>
    public static long Look(SqliteSession session, long now) =>
        session.Scalar("SELECT seen_at FROM clock WHERE id=1") is long seen && seen - now > Tolerance ? seen - now : 0;
}
