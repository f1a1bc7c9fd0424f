using ImageAspire.Dashboard.Resources;

namespace ImageAspire.AppHost.Embedded;

/// <summary>Asks every service how it is, about once a second, and writes it on the board.</summary>
internal sealed class HealthWatch(ResourceBoard board, TimeProvider time) : IDisposable
{
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan RestWhileStarting = TimeSpan.FromMilliseconds(100);

    // A service that has not come up within this time is said to be unwell.
    private static readonly TimeSpan StartTime = TimeSpan.FromSeconds(15);
    private readonly HealthQuestion _question = new();

    /// <summary>Looks at them until it is cancelled.</summary>
    public Task RunAsync(IReadOnlyList<Service> services, CancellationToken cancellationToken) =>
        Task.WhenAll(services.Where(one => one.HealthUrl is not null).Select(one => WatchAsync(one.Name, one.HealthUrl!, cancellationToken)));

    public void Dispose() => _question.Dispose();

    private async Task WatchAsync(string name, Uri address, CancellationToken cancellationToken)
    {
        try
        {
            while (true)
            {
                var resource = board.Find(name);
                if (resource is { ProcessId: { } process, State: ResourceState.Starting or ResourceState.Running })
                    Write(resource, process, await _question.AskAsync(address, cancellationToken));
                await Task.Delay(resource?.State == ResourceState.Running ? Rest : RestWhileStarting, time, cancellationToken);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The end.
        }
    }

    private void Write(Resource asked, int process, HealthAnswer answer) => board.Update(asked, now =>
    {
        // The answer is that of a process: another one may have taken its place.
        if (now.ProcessId != process || now.State is not (ResourceState.Starting or ResourceState.Running))
            return now;
        if (!answer.IsReady && now.State == ResourceState.Starting && now.StartedAt is { } start && time.GetUtcNow() - start < StartTime)
            return now;
        return now with
        {
            State = answer.IsReady ? ResourceState.Running : now.State,
            Health = answer.Worst,
            HealthReports = now.HealthReports.SequenceEqual(answer.Reports) ? now.HealthReports : answer.Reports,
        };
    });
}
