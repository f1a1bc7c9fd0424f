using ImageAspire.Core.Errors;
using ImageAspire.Core.Heartbeats;
using MongoDB.Driver;

namespace ImageAspire.Azure.Mongo;

/// <summary>Translates errors of MongoDB into the errors of the ports. The driver has already retried transient ones.</summary>
internal static class MongoErrors
{
    private const int Unauthorized = 13;
    private const int OutOfDiskSpace = 14031;

    // Timed out: at the server, or between its parts.
    private static readonly HashSet<int> Slow = [50, 262, 89];

    // Source: MongoDB's error_codes.yml. Unreachable, timed out, shutting down, not primary, recovering, disk full, refused, throttled.
    private static readonly HashSet<int> Transient =
        [6, 7, 9001, 50, 262, 89, 91, 11600, 11602, 189, 10107, 13435, 13436, OutOfDiskSpace, Unauthorized, 16500];

    /// <summary>Runs a call; errors that may pass or that an operator can fix become a <see cref="StoreUnavailableException"/>.</summary>
    /// <exception cref="StoreUnavailableException">MongoDB cannot be reached, refuses access, or is full.</exception>
    public static async Task<T> TranslateAsync<T>(Func<Task<T>> call)
    {
        try
        {
            return await call();
        }
        catch (Exception error) when (IsOfServer(error))
        {
            throw new StoreUnavailableException(Explain(error), error) { Dependency = DependencyNames.Documents, Cause = CauseOf(error) };
        }
    }

    /// <summary>Whether an error is of the server or the network, so that the same call may succeed later.</summary>
    public static bool IsOfServer(Exception error) => error switch
    {
        TimeoutException or MongoConnectionException or MongoWaitQueueFullException or MongoConnectionPoolPausedException => true,
        MongoExecutionTimeoutException or MongoNotPrimaryException or MongoNodeIsRecoveringException or MongoCursorNotFoundException => true,
        // Perhaps written, but not confirmed as durable.
        MongoWriteConcernException => true,
        MongoWriteException write => write.WriteConcernError is not null || IsTransient(write.WriteError),
        MongoBulkWriteException write => write.WriteConcernError is not null || write.WriteErrors.Any(IsTransient),
        MongoCommandException command => Transient.Contains(command.Code) || command.HasErrorLabel("RetryableWriteError"),
        _ => false,
    };

    /// <summary>Whether a write was refused by a unique index.</summary>
    public static bool IsDuplicate(Exception error) => error is MongoWriteException { WriteError.Category: ServerErrorCategory.DuplicateKey };

    private static bool IsTransient(WriteError? error) => error is not null && Transient.Contains(error.Code);

    /// <summary>The cause, one of <see cref="FaultCauses"/>, of an error of the server or the network.</summary>
    public static string CauseOf(Exception error) => error switch
    {
        MongoAuthenticationException or MongoCommandException { Code: Unauthorized } => FaultCauses.DependencyRefused,
        MongoExecutionTimeoutException or MongoWaitQueueFullException => FaultCauses.DependencySlow,
        MongoCommandException command => Slow.Contains(command.Code) ? FaultCauses.DependencySlow : FaultCauses.DependencyFailed,
        MongoConnectionPoolPausedException => FaultCauses.DependencyAway,
        // The driver waits for a server that it can use, and says what it saw of each in the message only.
        TimeoutException selection when selection.Message.Contains("selecting a server", StringComparison.Ordinal) =>
            selection.Message.Contains("TimeoutException", StringComparison.Ordinal) ? FaultCauses.DependencySlow : FaultCauses.DependencyAway,
        MongoConnectionException => Fault.OfCall(error, DependencyNames.Documents, FaultCauses.DependencyAway).Cause,
        _ => Fault.OfCall(error, DependencyNames.Documents).Cause,
    };

    private static string Explain(Exception error) => error switch
    {
        MongoAuthenticationException => "MongoDB refuses this service: check user and password in the connection 'imagesdb'.",
        MongoCommandException { Code: Unauthorized } => "MongoDB refuses this service: give its user the role readWrite on the database.",
        MongoExecutionTimeoutException => "MongoDB did not answer within the time limit of this query.",
        TimeoutException or MongoConnectionException => "MongoDB cannot be reached; check the connection 'imagesdb' and that the server is running.",
        _ => $"MongoDB returned an unexpected error ({error.GetType().Name}: {error.Message}).",
    };
}
