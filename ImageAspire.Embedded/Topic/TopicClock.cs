using ImageAspire.Embedded.Sqlite;
using Microsoft.Extensions.Logging;

namespace ImageAspire.Embedded.Topic;

/// <summary>
/// The topic's time. When the system clock is set back, locks and retries are moved by the same amount, so that they end when they should.
/// Scheduled messages are not: theirs is a time of the calendar.
/// </summary>
internal sealed partial class TopicClock(TimeProvider time, ILogger logger)
{
    /// <summary>The time, inside the writer's transaction, for a lock or a retry.</summary>
    /// <remarks>
    /// Times that exist follow a clock that was set back before the next one is written. Afterwards those of the old time could not be told
    /// from those of the new, and a lock of this moment would be moved into the past. A clock that was set forward is recorded before a time of it
    /// is written: otherwise its being set right again would pass unnoticed, and a retry would come as much later.
    /// </remarks>
    public DateTimeOffset Now(SqliteSession session)
    {
        var now = time.GetUtcNow();
        if (ClockJumpDetector.MustRecord(session, now.ToUnixTimeMilliseconds()))
            Adjust(session);
        return now;
    }

    /// <summary>Moves locks and retries if the clock was set back; inside the writer's transaction.</summary>
    /// <returns>Whether it was.</returns>
    public bool Adjust(SqliteSession session)
    {
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        var jump = ClockJumpDetector.DetectAndRecord(session, now);
        if (jump == 0)
            return false;
        session.Run("UPDATE deliveries SET due_at=due_at-@1 WHERE state IN (0, 1) AND due_at>@2", jump, now);
        session.Run("UPDATE listeners SET expires_at=expires_at-@1", jump);
        LogSetBack(logger, TimeSpan.FromMilliseconds(jump));
        return true;
    }

    [LoggerMessage(LogLevel.Warning, "The clock was set back by {Jump}; locks and retries of messages were adjusted.")]
    private static partial void LogSetBack(ILogger logger, TimeSpan jump);
}
