using System.Diagnostics;
using ImageAspire.Api.Access;
using ImageAspire.Core.Access;
using ImageAspire.Core.Ports;

namespace ImageAspire.Api.Operations;

/// <summary>Records what operators do in the audit log.</summary>
/// <remarks>
/// After the action and not atomic with it: an operator may pause a subscription because the audit log is broken. Then the process log has
/// the entry.
/// </remarks>
internal sealed partial class OperatorAudit(IServiceProvider services, TimeProvider time, ILogger<OperatorAudit> logger)
{
    /// <summary>Records an action.</summary>
    /// <param name="caller">The operator.</param>
    /// <param name="type">One of <see cref="AccessEventTypes"/>.</param>
    /// <param name="target">The target of the action.</param>
    /// <param name="reason">The reason; null when none was given.</param>
    /// <param name="count">How many were affected.</param>
    public async Task RecordAsync(Caller caller, string type, string target, string? reason = null, long? count = null)
    {
        var now = time.GetUtcNow();
        var done = new AccessEvent(Guid.CreateVersion7(now), type, caller.Id, caller.Name, now, Activity.Current?.Id,
            new AccessEventData { Target = target, Reason = reason, Count = count });
        try
        {
            // Not cancelled by the client: the action is done.
            await services.GetRequiredService<IAuditLog>().AppendAsync(done, CancellationToken.None);
        }
        catch (Exception error)
        {
            LogNotRecorded(logger, caller.Name, type, target, reason, error);
        }
    }

    [LoggerMessage(LogLevel.Error, "The audit log could not be written. {Actor}: {Type}, {Target}, reason: {Reason}")]
    private static partial void LogNotRecorded(ILogger logger, string actor, string type, string target, string? reason, Exception error);
}
