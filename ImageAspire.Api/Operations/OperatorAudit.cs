using System.Diagnostics;
using ImageAspire.Api.Access;
using ImageAspire.Core.Access;
using ImageAspire.Core.Ports;

namespace ImageAspire.Api.Operations;

/// <summary>Brings what operators do into the audit log.</summary>
/// <remarks>
/// After it was done, and not a part of it: the log may be what is out of order when somebody pauses a subscription. Then this process's
/// own log has it.
/// </remarks>
internal sealed partial class OperatorAudit(IServiceProvider services, TimeProvider time, ILogger<OperatorAudit> logger)
{
    /// <summary>Tells what was done.</summary>
    /// <param name="caller">Who did it.</param>
    /// <param name="type">What; one of <see cref="AccessEventTypes"/>.</param>
    /// <param name="target">To what.</param>
    /// <param name="reason">Why, if that was said.</param>
    /// <param name="count">To how many.</param>
    public async Task TellAsync(Caller caller, string type, string target, string? reason = null, long? count = null)
    {
        var now = time.GetUtcNow();
        var done = new AccessEvent(Guid.CreateVersion7(now), type, caller.Id, caller.Name, now, Activity.Current?.Id,
            new AccessEventData { Target = target, Reason = reason, Count = count });
        try
        {
            // Also when the client has gone: it is done.
            await services.GetRequiredService<IAuditLog>().AppendAsync(done, CancellationToken.None);
        }
        catch (Exception error)
        {
            LogUntold(logger, caller.Name, type, target, reason, error);
        }
    }

    [LoggerMessage(LogLevel.Error, "The audit log could not be written. {Actor}: {Type}, {Target}, reason: {Reason}")]
    private static partial void LogUntold(ILogger logger, string actor, string type, string target, string? reason, Exception error);
}
