using ImageAspire.Core.Errors;
using MongoDB.Driver;

namespace ImageAspire.Azure.Catalog;

/// <summary>What MongoDB's errors mean to us. The driver has retried what is worth a retry before they get here.</summary>
internal static class MongoErrors
{
    private const int Unauthorized = 13;
    private const int OutOfDiskSpace = 14031;

    // Source: MongoDB's error_codes.yml. Unreachable, timed out, shutting down, not primary, recovering, disk full, refused, throttled.
    private static readonly HashSet<int> Passing =
        [6, 7, 9001, 50, 262, 89, 91, 11600, 11602, 189, 10107, 13435, 13436, OutOfDiskSpace, Unauthorized, 16500];

    /// <summary>Runs a call; what may be mended without us comes out as the ports promise.</summary>
    /// <exception cref="StoreUnavailableException">MongoDB cannot be reached, refuses us, or is full.</exception>
    public static async Task<T> TranslateAsync<T>(Func<Task<T>> call)
    {
        try
        {
            return await call();
        }
        catch (Exception error) when (IsOfServer(error))
        {
            throw new StoreUnavailableException(Explain(error), error);
        }
    }

    /// <summary>Whether an error is the server's or the way's to it, so that the same call may succeed later.</summary>
    public static bool IsOfServer(Exception error) => error switch
    {
        TimeoutException or MongoConnectionException or MongoWaitQueueFullException or MongoConnectionPoolPausedException => true,
        MongoExecutionTimeoutException or MongoNotPrimaryException or MongoNodeIsRecoveringException or MongoCursorNotFoundException => true,
        // Written, perhaps, but not confirmed as durable.
        MongoWriteConcernException => true,
        MongoWriteException write => write.WriteConcernError is not null || IsPassing(write.WriteError),
        MongoBulkWriteException write => write.WriteConcernError is not null || write.WriteErrors.Any(IsPassing),
        MongoCommandException command => Passing.Contains(command.Code) || command.HasErrorLabel("RetryableWriteError"),
        _ => false,
    };

    /// <summary>Whether a write was refused by a unique index.</summary>
    public static bool IsDuplicate(Exception error) => error is MongoWriteException { WriteError.Category: ServerErrorCategory.DuplicateKey };

    private static bool IsPassing(WriteError? error) => error is not null && Passing.Contains(error.Code);

    private static string Explain(Exception error) => error switch
    {
        MongoAuthenticationException => "MongoDB refuses this service: check user and password in the connection 'imagesdb'.",
        MongoCommandException { Code: Unauthorized } => "MongoDB refuses this service: give its user the role readWrite on the database.",
        MongoExecutionTimeoutException => "MongoDB did not answer within the time limit of this query.",
        TimeoutException or MongoConnectionException => "MongoDB cannot be reached; check the connection 'imagesdb' and that the server runs.",
        _ => $"MongoDB does not answer as it should ({error.GetType().Name}: {error.Message}).",
    };
}
