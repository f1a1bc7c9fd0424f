namespace ImageAspire.Tests.Faults.Crashes;

/// <summary>The processes of the stores while no schedule kills them.</summary>
/// <param name="stores">The stores.</param>
/// <param name="exits">Where their exits are recorded.</param>
internal sealed class StoreRunner(ICrashStores stores, ExitLog exits) : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private readonly List<(string Role, ChildService Process)> _running = [];

    /// <summary>Starts all of them; they answer when this returns.</summary>
    public async Task StartAsync()
    {
        foreach (var store in stores.Processes)
        {
            var process = store.Start();
            _running.Add((store.Role, process));
            await store.ReadyAsync(process);
        }
    }

    /// <summary>Kills all of them.</summary>
    public async Task KillAsync()
    {
        foreach (var (role, process) in _running)
        {
            process.Kill();
            await process.ExitAsync(Patience, CancellationToken.None);
            exits.Record(role, process);
            process.Dispose();
        }

        _running.Clear();
    }

    public async ValueTask DisposeAsync() => await KillAsync();
}
