namespace ImageAspire.Core.Failpoints;

/// <summary>All failpoints: the steps between which a crash would tell a difference.</summary>
public static class FailpointNames
{
    private const string Begun = ".begun";
    private const string Done = ".done";

    /// <summary>A file was read to its end; nothing of it has a name.</summary>
    public const string ReceiveStaged = "receive.staged";

    /// <summary>Its bytes are durable; no record knows them.</summary>
    public const string ReceiveBlobDurable = "receive.blob-durable";

    /// <summary>All files of a request are durable; the one write of their records comes next.</summary>
    public const string ReceiveBeforeCommit = "receive.before-commit";

    /// <summary>Records and events are durable.</summary>
    public const string ReceiveCommitted = "receive.committed";

    /// <summary>Everything is done but the answer.</summary>
    public const string ReceiveBeforeAnswer = "receive.before-answer";

    /// <summary>One of the transitions of a change of name, tags or archiving is durable.</summary>
    public const string ChangeCommitted = "change.committed";

    /// <summary>An image was sent back to its analysis.</summary>
    public const string AnalyzeAgainCommitted = "analyze-again.committed";

    /// <summary>A deletion is about to be written.</summary>
    public const string DeleteBeforeCommit = "delete.before-commit";

    /// <summary>The record is gone, its bytes are there.</summary>
    public const string DeleteCommitted = "delete.committed";

    /// <summary>One of the blobs of a deleted image is gone.</summary>
    public const string DeleteBlobRemoved = "delete.blob-removed";

    /// <summary>A page of images of a stage's run is sent; the run's progress is not stored.</summary>
    public const string RunPageSent = "run.page-sent";

    /// <summary>The bytes of a staged file are on the disk.</summary>
    public const string BlobSynced = "blob.synced";

    /// <summary>A staged file has its final name, and its first one still.</summary>
    public const string BlobLinked = "blob.linked";

    /// <summary>A blob has its name; the folder is not on the disk.</summary>
    public const string BlobNamed = "blob.named";

    /// <summary>The record of a transition is written, its event is not; inside the transaction.</summary>
    public const string CatalogWritten = "catalog.written";

    /// <summary>Events are appended; inside the transaction.</summary>
    public const string TopicAppended = "topic.appended";

    /// <summary>A transaction has begun.</summary>
    public const string DatabaseBegun = "database.begun";

    /// <summary>A transaction is about to be committed.</summary>
    public const string DatabaseBeforeCommit = "database.before-commit";

    /// <summary>A transaction is committed; its caller has no result yet.</summary>
    public const string DatabaseCommitted = "database.committed";

    /// <summary>A message is locked for this process; its handler has not begun.</summary>
    public const string TopicLocked = "topic.locked";

    /// <summary>The handler of a message is done; the message is not settled.</summary>
    public const string TopicHandled = "topic.handled";

    /// <summary>The settlement of a message is written; inside the transaction.</summary>
    public const string TopicSettling = "topic.settling";

    /// <summary>A message is settled.</summary>
    public const string TopicSettled = "topic.settled";

    /// <summary>An image was decoded and measured.</summary>
    public const string InspectDecoded = "inspect.decoded";

    /// <summary>One of its thumbnails is stored.</summary>
    public const string InspectThumbnailStored = "inspect.thumbnail-stored";

    /// <summary>All of its thumbnails are stored; the record knows nothing of them.</summary>
    public const string InspectBeforeCommit = "inspect.before-commit";

    /// <summary>The analyser has answered; the record knows nothing of it.</summary>
    public const string AnalyzeAnswered = "analyze.answered";

    /// <summary>A delivery to a webhook is this process's to send.</summary>
    public const string DeliverClaimed = "deliver.claimed";

    /// <summary>The receiver has answered; the attempt is not stored.</summary>
    public const string DeliverAnswered = "deliver.answered";

    /// <summary>A try is written down.</summary>
    public const string DeliverRecorded = "deliver.recorded";

    /// <summary>Images without a message were found.</summary>
    public const string SweepBeforeAnnounce = "sweep.before-announce";

    /// <summary>They are announced.</summary>
    public const string SweepAnnounced = "sweep.announced";

    /// <summary>A blob without a record was found.</summary>
    public const string SweepOrphanFound = "sweep.orphan-found";

    /// <summary>It is removed.</summary>
    public const string SweepOrphanRemoved = "sweep.orphan-removed";

    private static readonly string[] Stores =
    [
        BlobSynced, BlobLinked, BlobNamed, CatalogWritten, TopicAppended, DatabaseBegun, DatabaseBeforeCommit, DatabaseCommitted,
    ];

    /// <summary>Those of the Api.</summary>
    public static IReadOnlyList<string> Api { get; } =
    [
        ReceiveStaged, ReceiveBlobDurable, ReceiveBeforeCommit, ReceiveCommitted, ReceiveBeforeAnswer, ChangeCommitted, AnalyzeAgainCommitted,
        DeleteBeforeCommit, DeleteCommitted, DeleteBlobRemoved, RunPageSent, .. Stores,
    ];

    /// <summary>Those of the Worker, without those of each stage: <see cref="StageBegun"/> and <see cref="StageDone"/>.</summary>
    public static IReadOnlyList<string> Worker { get; } =
    [
        TopicLocked, TopicHandled, TopicSettling, TopicSettled,
        InspectDecoded, InspectThumbnailStored, InspectBeforeCommit, AnalyzeAnswered, DeliverClaimed, DeliverAnswered, DeliverRecorded,
        SweepBeforeAnnounce, SweepAnnounced, SweepOrphanFound, SweepOrphanRemoved, .. Stores,
    ];

    /// <summary>All but those of the stages.</summary>
    public static IReadOnlyList<string> All { get; } = [.. Api.Union(Worker)];

    /// <summary>Whether a failpoint of this name exists.</summary>
    public static bool Exists(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return All.Contains(name) || name.EndsWith(Begun, StringComparison.Ordinal) || name.EndsWith(Done, StringComparison.Ordinal);
    }

    /// <summary>A stage has received a message and done nothing yet.</summary>
    /// <param name="subscription">The stage's.</param>
    public static string StageBegun(string subscription) => subscription + Begun;

    /// <summary>A stage has done its job; its message is not settled.</summary>
    /// <param name="subscription">The stage's.</param>
    public static string StageDone(string subscription) => subscription + Done;
}
