using ImageAspire.Emulators.Commands;
using ImageAspire.Emulators.Faults;
using ImageAspire.Emulators.Storage;
using ImageAspire.Emulators.Wire;

namespace ImageAspire.Emulators;

/// <summary>
/// A stand-in for a MongoDB server, for tests and for development without one: what the adapters of ImageAspire use of it, over its wire protocol,
/// on this machine only. What it does not know it refuses with an error. It is not MongoDB, and its answer to <c>hello</c> says so.
/// </summary>
public sealed class MongoStandIn : IAsyncDisposable
{
    private readonly MongoStandInOptions _options;
    private readonly ClientListener _listener;
    private readonly Journal? _journal;
    private readonly DocumentStore _store;
    private readonly CancellationTokenSource _stopping = new();
    private readonly Task _expiring;
    private bool _ended;

    private MongoStandIn(MongoStandInOptions options, ClientListener listener)
    {
        (_options, _listener) = (options, listener);
        var retried = new RetriedWrites();
        (_store, _journal) = Recovery.Open(options.DataFolder, retried);
        _listener.Start(new CommandRouter(AllCommands(retried), options.ReplicaSet is null ? null : retried, _journal, Faults));
        _expiring = ExpireAsync(_stopping.Token);
    }

    /// <summary>The port on 127.0.0.1.</summary>
    public int Port => _listener.Port;

    /// <summary>How a driver connects to it.</summary>
    public string ConnectionString => _options.ReplicaSet is { } set ? $"mongodb://127.0.0.1:{Port}/?replicaSet={set}" : $"mongodb://127.0.0.1:{Port}/?directConnection=true";

    /// <summary>What goes wrong, for tests.</summary>
    public MongoFaults Faults { get; } = new();

    /// <summary>Starts a stand-in, which is ready when this returns.</summary>
    /// <param name="options">How it runs; by default in memory, standalone, on any free port.</param>
    /// <param name="cancellationToken">Cancels the start.</param>
    /// <exception cref="System.Net.Sockets.SocketException">The port is taken.</exception>
    /// <exception cref="IOException">The data folder cannot be used, or another process uses it.</exception>
    public static async Task<MongoStandIn> StartAsync(MongoStandInOptions? options = null, CancellationToken cancellationToken = default)
    {
        options ??= new MongoStandInOptions();
        var listener = new ClientListener(options.Port, options.MaxConnections);
        try
        {
            return await Task.Run(() => new MongoStandIn(options, listener), cancellationToken); // reading a journal takes a while
        }
        catch
        {
            await listener.DisposeAsync();
            throw;
        }
    }

    /// <summary>Ends it; a second time changes nothing.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _ended, true))
            return;
        await _stopping.CancelAsync();
        await _listener.DisposeAsync();
        await _expiring;
        _journal?.Dispose();
        _stopping.Dispose();
    }

    private Dictionary<string, Command> AllCommands(RetriedWrites retried)
    {
        var cursors = new Cursors(_options.Time);
        var server = new ServerCommands($"127.0.0.1:{Port}", _options.ReplicaSet, _options.Time);
        IEnumerable<(string Name, Command Command)> all =
        [
            .. server.All, .. new ReadCommands(_store, cursors, _options.Time).All, .. new WriteCommands(_store, new Statements(retried)).All,
            .. new FindAndModifyCommand(_store, retried).All, .. new CollectionCommands(_store, cursors).All,
        ];
        return all.ToDictionary(one => one.Name, one => one.Command);
    }

    private async Task ExpireAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(_options.ExpireEvery, _options.Time);
        try
        {
            while (await timer.WaitForNextTickAsync(cancellationToken))
                _store.RemoveExpired(_options.Time.GetUtcNow());
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // It ends.
        }
    }
}
