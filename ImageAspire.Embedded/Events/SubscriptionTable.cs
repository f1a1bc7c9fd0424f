using ImageAspire.Core.Ports;
using ImageAspire.Embedded.Database;
using Microsoft.Data.Sqlite;

namespace ImageAspire.Embedded.Events;

/// <summary>A subscription's filter, as stored and as SQL.</summary>
/// <param name="Types">Event types separated by spaces, with one at each end; null for all.</param>
/// <param name="Subject">Image id; null for all.</param>
internal sealed record MessageFilter(string? Types, byte[]? Subject)
{
    /// <summary>Condition on a row of messages or scheduled; <c>@1</c> are the types, <c>@2</c> the subject.</summary>
    public const string Sql = "(@1 IS NULL OR instr(@1, ' ' || type || ' ') > 0) AND (@2 IS NULL OR subject = @2)";

    public static MessageFilter Of(SubscriptionOptions options) => new(
        options.Types is null ? null : $" {string.Join(' ', options.Types)} ", options.Subject?.ToByteArray(bigEndian: true));

    public static MessageFilter Read(SqliteDataReader row, int column) => new(
        row.IsDBNull(column) ? null : row.GetString(column), row.IsDBNull(column + 1) ? null : row.GetFieldValue<byte[]>(column + 1));

    public bool Matches(string type, byte[] subject) =>
        (Types is null || Types.Contains($" {type} ", StringComparison.Ordinal)) && (Subject is null || Subject.AsSpan().SequenceEqual(subject));
}

/// <summary>The durable subscriptions.</summary>
internal static class SubscriptionTable
{
    /// <summary>Creates a subscription at the end of the log; an existing one keeps its place and takes the new filter.</summary>
    public static void Create(SqliteSession session, SubscriptionOptions options)
    {
        var filter = MessageFilter.Of(options);
        session.Run("""
            INSERT INTO subscriptions(name, types, subject, cursor) VALUES(@1, @2, @3, @4)
            ON CONFLICT(name) DO UPDATE SET types=@2, subject=@3 WHERE types IS NOT @2 OR subject IS NOT @3
            """, options.Name, filter.Types, filter.Subject, EndOfLog(session));
    }

    /// <summary>Pauses or resumes a subscription; false when there is none of this name.</summary>
    public static bool SetPaused(SqliteSession session, string name, bool paused) =>
        session.Run("UPDATE subscriptions SET paused=@2 WHERE name=@1", name, paused ? 1 : 0) == 1;

    /// <summary>How far a subscription has read, and whether it is paused.</summary>
    /// <exception cref="InvalidOperationException">There is no such subscription.</exception>
    public static (long Cursor, bool Paused) Place(SqliteSession session, string name)
    {
        var found = session.Query("SELECT cursor, paused FROM subscriptions WHERE name=@1", row => (row.GetInt64(0), row.GetInt64(1) != 0), name);
        return found.Count == 1 ? found[0] : throw new InvalidOperationException($"There is no subscription '{name}'.");
    }

    /// <summary>The newest sequence number ever given, although that message may be gone.</summary>
    public static long EndOfLog(SqliteSession session) =>
        session.Scalar("SELECT seq FROM sqlite_sequence WHERE name='messages'") is long seq ? seq : 0;
}
