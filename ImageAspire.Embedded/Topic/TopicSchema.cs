using ImageAspire.Core.Pipeline;
using ImageAspire.Embedded.Sqlite;

namespace ImageAspire.Embedded.Topic;

/// <summary>Tables of the topic. Times are Unix milliseconds.</summary>
internal static class TopicSchema
{
    /// <summary>
    /// The topic is a log. A subscription is a cursor into it, plus one row for each message that was received and is not completed:
    /// locked, waiting for a retry, or dead-lettered. Publishing writes one row however many subscriptions there are.
    /// </summary>
    public static readonly Migration Version1 = new("""
        CREATE TABLE messages(
            seq INTEGER PRIMARY KEY AUTOINCREMENT,
            type TEXT NOT NULL,
            subject BLOB NOT NULL,
            enqueued_at INTEGER NOT NULL,
            body BLOB NOT NULL);
        CREATE TABLE message_ids(id BLOB PRIMARY KEY) WITHOUT ROWID;
        CREATE TABLE scheduled(
            id INTEGER PRIMARY KEY,
            due_at INTEGER NOT NULL,
            type TEXT NOT NULL,
            subject BLOB NOT NULL,
            body BLOB NOT NULL);
        CREATE INDEX scheduled_due ON scheduled(due_at);
        CREATE TABLE subscriptions(
            name TEXT PRIMARY KEY,
            types TEXT,
            subject BLOB,
            cursor INTEGER NOT NULL) WITHOUT ROWID;
        CREATE TABLE deliveries(
            subscription TEXT NOT NULL,
            seq INTEGER NOT NULL,
            state INTEGER NOT NULL,
            due_at INTEGER NOT NULL,
            lock_token INTEGER NOT NULL,
            count INTEGER NOT NULL,
            reason TEXT,
            description TEXT,
            PRIMARY KEY(subscription, seq)) WITHOUT ROWID;
        CREATE INDEX deliveries_due ON deliveries(subscription, state, due_at);
        CREATE INDEX deliveries_seq ON deliveries(seq);
        CREATE TABLE listeners(
            id TEXT PRIMARY KEY,
            port INTEGER NOT NULL,
            cursor INTEGER,
            expires_at INTEGER NOT NULL) WITHOUT ROWID;
        """);

    /// <summary>A subscription can be paused; every process reads this column before it receives.</summary>
    public static readonly Migration Version2 = new("ALTER TABLE subscriptions ADD COLUMN paused INTEGER NOT NULL DEFAULT 0");

    /// <summary>Which process has a lock, so that the locks of a dead one can be reclaimed before they expire.</summary>
    public static readonly Migration Version3 = new("ALTER TABLE deliveries ADD COLUMN holder TEXT");

    /// <summary>The latest time that the topic has recorded.</summary>
    public static readonly Migration Version4 = new(ClockJumpDetector.Table);

    /// <summary>Who paused a subscription, and when.</summary>
    public static readonly Migration Version5 = new("ALTER TABLE subscriptions ADD COLUMN paused_by TEXT; ALTER TABLE subscriptions ADD COLUMN paused_at INTEGER");

    /// <summary>Creates the durable subscriptions that are missing, at the end of the log. Runs at every start, inside the migration's transaction.</summary>
    public static void CreateSubscriptions(SqliteSession session)
    {
        foreach (var subscription in StageCatalog.Subscriptions)
            SubscriptionTable.Create(session, subscription);
    }
}
