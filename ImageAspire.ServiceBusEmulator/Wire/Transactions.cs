using ImageAspire.ServiceBusEmulator.Broker;
using Microsoft.Azure.Amqp;
using Microsoft.Azure.Amqp.Transaction;

namespace ImageAspire.ServiceBusEmulator.Wire;

/// <summary>Work of a client that happens as a whole or not at all. Until it is discharged, nothing of it is visible.</summary>
/// <param name="release">Called with the bytes that a transaction kept in memory, when it ends.</param>
internal sealed class Transactions(Action<long> release)
{
    // As the service: so many operations in one, and so many open at once on a connection.
    private const int MaxOperations = 100, MaxOpen = 100;
    private readonly Dictionary<int, List<TransactionPart>> _open = [];
    private int _last;

    /// <exception cref="BrokerException">Too many are open.</exception>
    public ArraySegment<byte> Declare()
    {
        lock (_open)
        {
            if (_open.Count >= MaxOpen)
                throw new BrokerException(BrokerError.Full, $"A connection has at most {MaxOpen} open transactions.");
            _open[++_last] = [];
            return new ArraySegment<byte>(BitConverter.GetBytes(_last));
        }
    }

    /// <exception cref="AmqpException">There is no such transaction, or it is full.</exception>
    public void Enlist(ArraySegment<byte> id, TransactionPart part)
    {
        lock (_open)
        {
            var parts = Key(id) is { } key && _open.TryGetValue(key, out var found) ? found : throw Unknown();
            if (parts.Count >= MaxOperations)
                throw new AmqpException(AmqpErrorCode.ResourceLimitExceeded, $"A transaction has at most {MaxOperations} operations.");
            parts.Add(part);
        }
    }

    /// <summary>Ends a transaction.</summary>
    /// <returns>Its parts; none when it is rolled back.</returns>
    /// <exception cref="AmqpException">There is no such transaction.</exception>
    public IReadOnlyList<TransactionPart> Take(Discharge discharge)
    {
        lock (_open)
        {
            var parts = Key(discharge.TxnId) is { } key && _open.Remove(key, out var found) ? found : throw Unknown();
            release(parts.Sum(part => part.Bytes));
            return discharge.Fail is true ? [] : parts;
        }
    }

    private static int? Key(ArraySegment<byte> id) => id.Count == sizeof(int) ? BitConverter.ToInt32(id) : null;

    private static AmqpException Unknown() => new(AmqpErrorCode.TransactionUnknownId, "There is no such transaction on this connection.");
}

/// <summary>One operation of a transaction.</summary>
/// <param name="Check">Throws when it cannot be done.</param>
/// <param name="Apply">Does it; does not fail after the check.</param>
/// <param name="Bytes">What it keeps in memory until then.</param>
internal sealed record TransactionPart(Action<EntityDirectory> Check, Action<EntityDirectory> Apply, long Bytes);
