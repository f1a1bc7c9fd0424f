namespace ImageAspire.Embedded.Sqlite;

/// <summary>
/// Detects that the system clock was set back; otherwise a retry due in ten seconds would come in a day and ten seconds. Times in a store
/// must mean the same to all processes and after a restart, so they are the system clock's; a row keeps the latest one seen.
/// </summary>
internal static class ClockJumpDetector
{
    /// <summary>Creates the row's table.</summary>
    public const string Table = "CREATE TABLE clock(id INTEGER PRIMARY KEY, seen_at INTEGER NOT NULL); INSERT INTO clock(id, seen_at) VALUES(1, 0);";

    // Milliseconds. A clock that is adjusted gradually does not jump.
    private const long Tolerance = 1000;

    /// <summary>By how many milliseconds the clock was set back since it was last recorded; 0 when it was not. Needs no lock.</summary>
    public static long Detect(SqliteSession session, long now) =>
        session.Scalar("SELECT seen_at FROM clock WHERE id=1") is long seen && seen - now > Tolerance ? seen - now : 0;

    /// <summary>The same, and records the time, so that exactly one caller handles a jump. Inside the writer's transaction.</summary>
    public static long DetectAndRecord(SqliteSession session, long now)
    {
        var jump = Detect(session, now);
        session.Run("UPDATE clock SET seen_at=@1 WHERE id=1 AND seen_at<>@1", now);
        return jump;
    }

    /// <summary>Whether the time must be recorded before one is written: a time ahead of the recorded one would not be moved when the clock is set back.</summary>
    public static bool MustRecord(SqliteSession session, long now) =>
        session.Scalar("SELECT seen_at FROM clock WHERE id=1") is long seen && Math.Abs(seen - now) > Tolerance;
}
