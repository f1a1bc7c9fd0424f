using ImageAspire.ServiceBusEmulator.Broker;
using Microsoft.Azure.Amqp;
using Microsoft.Azure.Amqp.Framing;
using Microsoft.Azure.Amqp.Transaction;

namespace ImageAspire.ServiceBusEmulator.Wire;

/// <summary>A link on which a client receives messages.</summary>
internal sealed class OutgoingLink : IConsumer
{
    private readonly SendingAmqpLink _link;
    private readonly MessageBroker _broker;
    private readonly ServerConnection _connection;
    private int _reserved, _unsettled;
    private long _unsettledBytes;
    private readonly LatestDeliveries _latest = new();
    private volatile bool _isWaiting, _hasEnded;

    public OutgoingLink(SendingAmqpLink link, MessageBroker broker)
    {
        (_link, _broker, _connection) = (link, broker, (ServerConnection)link.Session.Connection);
        TakesForGood = link.Settings.SettleType == SettleMode.SettleOnSend;
    }

    public bool TakesForGood { get; }

    /// <summary>The session that it has locked.</summary>
    public string? SessionId { get; set; }

    /// <summary>Whose messages it gets.</summary>
    public required MessageQueue Queue { get; init; }

    private bool HasRoom => !_hasEnded && _link.State == AmqpObjectState.Opened && !_connection.IsCongested && _link.LinkCredit > Volatile.Read(ref _reserved)
        && Volatile.Read(ref _unsettled) < WireLimits.MaxUnsettled && Interlocked.Read(ref _unsettledBytes) < WireLimits.MaxUnsettledBytes;

    public void Start()
    {
        _connection.Add(this);
        _link.RegisterCreditListener((_, _, _) => Wake());
        _link.RegisterDispositionListener(OnDisposition);
        _link.Closed += (_, _) => Stop();
    }

    public void Stop()
    {
        _hasEnded = true;
        _connection.Remove(this);
        // What was on its way to a client that closes its link comes back now, and not when its lock expires. What it had received before stays locked, and so does
        // everything when the connection is lost: clients settle that over another one.
        Guid[] unseen = TakesForGood || _connection.State != AmqpObjectState.Opened ? [] : _latest.Unseen();
        _broker.Do(_ =>
        {
            foreach (var token in unseen)
                Queue.Settle(token, new Settlement.Release());
            Queue.Detach(this, SessionId);
            return true;
        }, _ => { });
    }

    /// <summary>There may be room again.</summary>
    public void Wake() => _broker.Do(_ =>
    {
        Queue.Wake(SessionId);
        return true;
    }, _ => { });

    public bool TryReserve()
    {
        if (!HasRoom)
        {
            _isWaiting = true;
            Interlocked.MemoryBarrier(); // room that comes now is seen here, or this is seen where it comes
            if (!HasRoom)
                return false;
        }

        Interlocked.Increment(ref _reserved);
        return true;
    }

    public bool Deliver(MessageSnapshot delivery)
    {
        var isSent = !_hasEnded && _link.State == AmqpObjectState.Opened && _link.LinkCredit > 0;
        if (isSent)
        {
            var bytes = DeliveryEncoder.Encode(delivery);
            if (!TakesForGood)
            {
                Interlocked.Increment(ref _unsettled);
                Interlocked.Add(ref _unsettledBytes, bytes.Length);
                _latest.Sent(delivery.Lock);
            }

            var tag = (TakesForGood ? Guid.NewGuid() : delivery.Lock).ToByteArray();
            _link.SendMessageNoWait(AmqpMessage.CreateAmqpStreamMessage(new BufferListStream([new ArraySegment<byte>(bytes)]), true), new ArraySegment<byte>(tag), default);
        }

        Interlocked.Decrement(ref _reserved);
        WakeIfWaiting(); // the credit of this message was counted twice for a moment
        return isSent;
    }

    public void End(BrokerException reason)
    {
        _hasEnded = true;
        // Not under the broker's lock, which the caller holds.
        ThreadPool.QueueUserWorkItem(static state => state.Link.SafeClose(WireErrors.ToException(state.Reason)), (Link: _link, Reason: reason), preferLocal: false);
    }

    private void WakeIfWaiting()
    {
        if (!_isWaiting || !HasRoom)
            return;
        _isWaiting = false;
        Wake();
    }

    private void OnDisposition(Delivery delivery)
    {
        if (TakesForGood || delivery.State is null or Received)
            return;
        Interlocked.Decrement(ref _unsettled);
        Interlocked.Add(ref _unsettledBytes, -delivery.BytesTransfered);
        var token = new Guid(delivery.DeliveryTag.AsSpan());
        try
        {
            if (delivery.State is TransactionalState transactional)
            {
                Enlist(delivery, transactional, token);
            }
            else
            {
                var settlement = Settlements.Of(delivery.State);
                _broker.Do(_ => Queue.Settle(token, settlement), isDone => Answer(delivery, isDone));
            }
        }
        catch (Exception error) when (error is BrokerException or FormatException or AmqpException)
        {
            if (!delivery.Settled)
                _link.Answer(delivery, error is AmqpException amqp ? new Rejected { Error = amqp.Error } : WireErrors.ToRejected(error));
        }

        WakeIfWaiting();
    }

    // Never the outcome that came: clients would take the error in it for ours.
    private void Answer(Delivery delivery, bool isDone)
    {
        if (!delivery.Settled)
            _link.Answer(delivery, isDone ? new Accepted() : WireErrors.ToRejected(BrokerException.LockLost(SessionId is not null)));
    }

    private void Enlist(Delivery delivery, TransactionalState state, Guid token)
    {
        var settlement = Settlements.Of(state.Outcome);
        _connection.Transactions.Enlist(state.TxnId, new TransactionPart(
            _ =>
            {
                if (!Queue.IsLocked(token))
                    throw BrokerException.LockLost(SessionId is not null);
            },
            _ => Queue.Settle(token, settlement), Bytes: 0));
        _latest.Seen(token);
        _link.Answer(delivery, new TransactionalState { TxnId = state.TxnId, Outcome = new Accepted() });
    }
}
