using ImageAspire.Core.Errors;
using ImageAspire.Core.Heartbeats;
using ImageAspire.Core.Ports;
using ImageAspire.ServiceDefaults.Heartbeats;

namespace ImageAspire.Api.Operations;

/// <summary>Reads who is there. When the store of heartbeats does not answer, this process knows about itself only.</summary>
internal sealed class ServiceReader(IHeartbeatStore store, ProcessHeartbeat self, TimeProvider time)
{
    // Operators look here when a store is away: a driver may wait for it for longer than they do.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    /// <summary>The overview, and whether it is of all processes.</summary>
    public async Task<(ServiceOverview Overview, bool IsComplete)> ReadAsync(CancellationToken cancellationToken)
    {
        try
        {
            var all = await store.ListAsync(cancellationToken).WaitAsync(Patience, time, cancellationToken);
            return (new ServiceOverview(all, time.GetUtcNow()), true);
        }
        catch (Exception error) when (error is StoreUnavailableException or TimeoutException)
        {
            return (new ServiceOverview([self.Last], time.GetUtcNow()), false);
        }
    }
}
