using ImageAspire.ServiceBusEmulator.Broker;

namespace ImageAspire.Tests.ServiceBus.Model;

/// <summary>What receivers do.</summary>
internal sealed partial class ModelRun
{
    private async Task AttachAsync(ModelQueue queue, bool takesForGood)
    {
        if (_consumers.Count >= MaxConsumers)
            return;
        var consumer = new ModelConsumer(queue, takesForGood, _events);
        MustBe(await TryAsync(entities => entities.GetQueue(queue.Path).Attach(consumer)), queue.HasSessions ? BrokerError.NotAllowed : null, "attach");
        if (!queue.HasSessions)
            _consumers.Add(consumer);
    }

    private async Task AcceptSessionAsync(Operation.AcceptSession accept)
    {
        if (_consumers.Count >= MaxConsumers)
            return;
        var (queue, id) = (_model.Sessions, accept.Session is { } number ? SessionId(number) : null);
        var consumer = new ModelConsumer(queue, accept.TakesForGood, _events);
        var granted = new TaskCompletionSource<SessionGrant>();
        _ = granted.Task.ContinueWith(grant => consumer.Grant(grant.Result), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously | TaskContinuationOptions.OnlyOnRanToCompletion, TaskScheduler.Default);
        var request = new SessionRequest(id, consumer, granted);
        var isTaken = id is not null && queue.Sessions.GetValueOrDefault(id)?.Owner is not null;
        if (!isTaken)
        {
            consumer.Request = request;
            _consumers.Add(consumer);
        }

        MustBe(await TryAsync(entities => entities.GetQueue(queue.Path).Request(request)), isTaken ? BrokerError.SessionTaken : null, $"accept {id}");

        Follow([], isOrdered: true);
        Must(id is null || isTaken || consumer.SessionId == id, () => $"The free session {id} was not granted.");
    }

    private async Task WithdrawAsync(int pick)
    {
        if (_consumers.Where(consumer => consumer.Request is not null).ToList() is not { Count: > 0 } waiting)
            return;
        var consumer = Pick(waiting, pick);
        await DoAsync(entities =>
        {
            entities.GetQueue(consumer.Queue.Path).Withdraw(consumer.Request!);
            return true;
        });
        _consumers.Remove(consumer);
        Follow([], isOrdered: true);
    }

    private async Task DetachAsync(int pick)
    {
        if (_consumers.Where(consumer => consumer.Request is null).ToList() is not { Count: > 0 } attached)
            return;
        var consumer = Pick(attached, pick);
        _consumers.Remove(consumer);
        if (consumer.SessionId is { } id)
            consumer.Queue.FreeSession(id, isCounted: false, Now);
        await DoAsync(entities =>
        {
            entities.GetQueue(consumer.Queue.Path).Detach(consumer, consumer.SessionId);
            return true;
        });
        Follow([], isOrdered: true);
    }

    private async Task ReceiveAsync(Operation.Receive receive)
    {
        if (_consumers.Where(consumer => consumer.Request is null).ToList() is not { Count: > 0 } attached)
            return;
        var consumer = Pick(attached, receive.Pick);
        (consumer.Credit, consumer.Fails) = (consumer.Credit + receive.Count, consumer.Fails || receive.Fails);
        await DoAsync(entities =>
        {
            entities.GetQueue(consumer.Queue.Path).Wake(consumer.SessionId);
            return true;
        });
        Follow([], isOrdered: true);
    }

    private async Task SettleAsync(Operation.Settle settle)
    {
        if (_locks.Count == 0)
            return;
        var (queue, token) = Pick(_locks, settle.Pick);
        var message = queue.Messages.Values.SingleOrDefault(one => one.Lock == token);
        var changes = settle.Change is { } value ? new Dictionary<string, object?> { [$"p{value % 3}"] = value } : null;
        Settlement settlement = settle.Kind switch
        {
            SettleKind.Complete => new Settlement.Complete { Changes = changes },
            SettleKind.Abandon => new Settlement.Abandon { Changes = changes },
            SettleKind.Release => new Settlement.Release { Changes = changes },
            SettleKind.Defer => new Settlement.Defer { Changes = changes },
            _ => new Settlement.DeadLetter("reason", "description") { Changes = changes },
        };
        var isRefused = message is not null && settle.Kind == SettleKind.DeadLetter && queue.DeadLetters is null;
        var isDone = false;

        MustBe(await TryAsync(entities => isDone = entities.GetQueue(queue.Path).Settle(token, settlement)), isRefused ? BrokerError.NotAllowed : null, $"{settle.Kind}");

        MustBe(isDone, message is not null && !isRefused, $"{settle.Kind} {token}");
        if (isDone)
            queue.Settle(message!, settle.Kind, changes, Now);
        if (!isRefused && settle.Pick % 8 != 0) // some locks are tried again
            _locks.Remove((queue, token));
        Follow([], isOrdered: true);
    }

    private async Task RenewAsync(int pick)
    {
        if (_locks.Count == 0)
            return;
        var (queue, token) = Pick(_locks, pick);
        var message = queue.Messages.Values.SingleOrDefault(one => one.Lock == token);
        if (message is not null && !queue.HasSessions) // a lock of a session is renewed as such
            message.LockedUntil = Now + queue.Settings.LockDuration;
        MustBe(await DoAsync(entities => entities.GetQueue(queue.Path).Renew(token)), message?.LockedUntil, "renewed until");
    }

    private async Task TakeDeferredAsync(Operation.TakeDeferred take)
    {
        var queue = Pick(_model.Queues, take.Queue);
        var deferred = queue.Messages.Values.Where(message => message.State == MessageState.Deferred).ToList();
        List<long> sequences = [.. deferred.Skip(take.Pick % (deferred.Count + 1)).Take(take.Count).Select(message => message.Sequence)];
        if (sequences.Count == 0)
            sequences.Add(take.Pick + 5_000_000);
        var wanted = sequences.ConvertAll(sequence => queue.Messages.GetValueOrDefault(sequence));
        BrokerError? expected = wanted.Any(message => message is null || message.IsLocked) ? BrokerError.MessageNotFound
            : queue.HasSessions && wanted.Any(message => queue.Sessions.GetValueOrDefault(message!.Content.Session!)?.Owner is null) ? BrokerError.SessionLockLost : null;
        List<MessageSnapshot> taken = [];

        MustBe(await TryAsync(entities => taken = entities.GetQueue(queue.Path).TakeDeferred(sequences, take.TakesForGood)), expected, "deferred");

        MustBe(taken.Count, expected is null ? sequences.Count : 0, "deferred messages taken");
        foreach (var delivery in taken)
            Take(queue, queue.Messages[delivery.Sequence], delivery, take.TakesForGood);
    }

    private async Task RenewSessionAsync(string id)
    {
        var session = _model.Sessions.Sessions.GetValueOrDefault(id);
        var isOwned = session?.Owner is not null;
        DateTimeOffset until = default;
        MustBe(await TryAsync(entities => until = entities.GetQueue(_model.Sessions.Path).RenewSession(id)), isOwned ? null : BrokerError.SessionLockLost, "renew session");
        if (!isOwned)
            return;
        session!.LockedUntil = Now + _model.Sessions.Settings.LockDuration;
        MustBe(until, session.LockedUntil, "session renewed until");
        foreach (var message in _model.Sessions.Messages.Values.Where(message => message.IsLocked && message.Content.Session == id))
            message.LockedUntil = until;
    }

    private async Task SetSessionStateAsync(string id, byte[]? state)
    {
        var session = _model.Sessions.Sessions.GetValueOrDefault(id);
        var isOwned = session?.Owner is not null;
        MustBe(await TryAsync(entities => entities.GetQueue(_model.Sessions.Path).SetSessionState(id, state)), isOwned ? null : BrokerError.SessionLockLost, "set state");
        if (isOwned)
            session!.State = state;
    }

    private async Task DeleteAsync(Operation.Delete delete)
    {
        var (queue, before) = (Pick(_model.Queues, delete.Queue), Now.AddSeconds(-delete.Seconds));
        var messages = queue.Ready.Where(message => message.EnqueuedAt < before).Take(delete.Count).ToList();
        MustBe(await DoAsync(entities => entities.GetQueue(queue.Path).Delete(delete.Count, before)), messages.Count, "deleted");
        messages.ForEach(message => queue.Messages.Remove(message.Sequence));
    }
}
