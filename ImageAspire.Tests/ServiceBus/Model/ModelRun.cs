using ImageAspire.ServiceBusEmulator.Broker;

namespace ImageAspire.Tests.ServiceBus.Model;

/// <summary>Does operations to the broker and to the model, and compares them after each.</summary>
internal sealed partial class ModelRun : IAsyncDisposable
{
    private const int MaxMessages = 40, MaxConsumers = 12;

    // Operations are a moment apart, and timers ring a little late.
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(2), Late = TimeSpan.FromMilliseconds(1);

    private readonly BrokerUnderTest _broker;
    private readonly ModelNamespace _model;
    private readonly List<ModelEvent> _events = [];
    private readonly List<ModelConsumer> _consumers = [];
    // Locks that receivers were given, held and lost ones.
    private readonly List<(ModelQueue Queue, Guid Lock)> _locks = [];

    private ModelRun(BrokerUnderTest broker, ModelNamespace model) => (_broker, _model) = (broker, model);

    private DateTimeOffset Now => _broker.Clock.GetUtcNow();

    /// <exception cref="ModelException">The broker did something that the model does not allow.</exception>
    public static async Task RunAsync(int seed, bool isDurable, IReadOnlyList<Operation> operations)
    {
        var model = new ModelNamespace(new Random(seed));
        await using var run = new ModelRun(await BrokerUnderTest.StartAsync(isDurable, model.Definitions), model);
        foreach (var operation in operations)
        {
            await run.ApplyAsync(operation);
            await run.WaitAsync(Moment);
            await run.CompareAsync();
        }

        await run.RestartAsync(TimeSpan.Zero);
        await run.WaitAsync(Moment);
        await run.CompareAsync();
        await run.CompareContentsAsync();
    }

    public ValueTask DisposeAsync() => _broker.DisposeAsync();

    private Task ApplyAsync(Operation operation) => operation switch
    {
        Operation.Send send => SendAsync(send),
        Operation.SendRefused send => SendRefusedAsync(Pick(_model.Addresses, send.To)),
        Operation.Cancel cancel => CancelAsync(Pick(_model.Addresses, cancel.To), cancel.Pick),
        Operation.Attach attach => AttachAsync(Pick(_model.Queues, attach.Queue), attach.TakesForGood),
        Operation.AcceptSession accept => AcceptSessionAsync(accept),
        Operation.WithdrawRequest withdraw => WithdrawAsync(withdraw.Pick),
        Operation.Detach detach => DetachAsync(detach.Pick),
        Operation.Receive receive => ReceiveAsync(receive),
        Operation.Settle settle => SettleAsync(settle),
        Operation.Renew renew => RenewAsync(renew.Pick),
        Operation.TakeDeferred take => TakeDeferredAsync(take),
        Operation.RenewSession renew => RenewSessionAsync(SessionId(renew.Session)),
        Operation.SetSessionState set => SetSessionStateAsync(SessionId(set.Session), set.State is { } state ? [state] : null),
        Operation.Delete delete => DeleteAsync(delete),
        Operation.Wait wait => WaitAsync(TimeSpan.FromSeconds(wait.Seconds)),
        Operation.Restart restart => RestartAsync(TimeSpan.FromSeconds(restart.Seconds)),
        _ => throw new NotSupportedException(operation.ToString()),
    };

    private async Task WaitAsync(TimeSpan time)
    {
        var end = Now + time;
        while (_model.All.Min(queue => queue.NextDue) is var due && due < end)
            await MoveToAsync((due > Now ? due : Now) + Late);
        await MoveToAsync(end);
    }

    private async Task MoveToAsync(DateTimeOffset time)
    {
        while (_model.All.Any(queue => queue.NextDue == time))
            time += Late; // at the very moment at which something is due, its timer has not rung
        _broker.Clock.Advance(time - Now);
        var ended = new List<ModelConsumer>();
        while (_model.All.MinBy(queue => queue.NextDue) is { } queue && queue.NextDue <= Now)
            ended.AddRange(queue.RunDue(Now));
        await DoAsync(_ => true);
        Follow(ended, isOrdered: false);
    }

    private async Task RestartAsync(TimeSpan pause)
    {
        if (!_broker.IsDurable)
            return;
        await _broker.RestartAsync(pause);
        _consumers.Clear();
        _locks.Clear();
        foreach (var queue in _model.All)
            queue.Restart();
        await WaitAsync(Moment);
    }

    private Task<T> DoAsync<T>(Func<EntityDirectory, T> work) => _broker.DoAsync(work, () => _events.Count);

    /// <summary>Work that the broker may have to refuse.</summary>
    private async Task<BrokerError?> TryAsync(Action<EntityDirectory> work)
    {
        try
        {
            await DoAsync(entities =>
            {
                work(entities);
                return true;
            });
            return null;
        }
        catch (BrokerException error)
        {
            return error.Error;
        }
    }

    private static T Pick<T>(IReadOnlyList<T> all, int number) => all[number % all.Count];

    private static string SessionId(int number) => $"s{number}";

    private static void Must(bool condition, Func<string> explain)
    {
        if (!condition)
            throw new ModelException(explain());
    }

    private static void MustBe<T>(T actual, T expected, string what)
    {
        if (!EqualityComparer<T>.Default.Equals(actual, expected))
            throw new ModelException($"{what}: {actual}, not {expected}");
    }
}
